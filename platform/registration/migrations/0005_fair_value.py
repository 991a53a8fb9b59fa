from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery


def as_said_now(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What receipts have said until today was read off the option."""
    option = apps.get_model("events", "EntryOption").objects.filter(pk=OuterRef("option_id"))
    people = apps.get_model("registration", "Participant").objects.filter(waiver__isnull=False)
    people.update(fair_value_cents=Subquery(option.values("fair_value_cents")))


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0005_legal_mode"),
        ("registration", "0004_promised_codes"),
    ]

    operations = [
        migrations.AddField(
            model_name="participant",
            name="fair_value_cents",
            field=models.PositiveBigIntegerField(
                help_text="What a runner gets for the fee, as it was said then. A charity's receipt says it.", null=True
            ),
        ),
        migrations.RunPython(as_said_now, migrations.RunPython.noop),
    ]
