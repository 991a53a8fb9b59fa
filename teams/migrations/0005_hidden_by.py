"""Who hid a team: until now only the organizers could."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def say_staff(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("teams", "Team").objects.filter(is_hidden=True).update(hidden_by="staff")


class Migration(migrations.Migration):
    dependencies = [("teams", "0004_names_and_invitations")]

    operations = [
        migrations.AddField(
            model_name="team",
            name="hidden_by",
            field=models.CharField(
                blank=True, choices=[("captain", "A captain"), ("staff", "The organizers")], default="", max_length=7
            ),
            preserve_default=False,
        ),
        migrations.RunPython(say_staff, migrations.RunPython.noop),
    ]
