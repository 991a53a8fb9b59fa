from django.db import migrations, models
from django.db.models import F
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Greatest


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0002_runners_and_teams"),
        ("teams", "0002_runners_and_teams"),
    ]

    operations = [
        migrations.AddField(
            model_name="team",
            name="member_count",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="team",
            name="moved",
            field=models.PositiveBigIntegerField(
                default=0,
                editable=False,
                help_text="The edit of the event with which its place on the boards last changed.",
            ),
        ),
        migrations.AddField(
            model_name="team",
            name="average_cents",
            field=models.GeneratedField(
                db_persist=True,
                expression=CombinedExpression(F("raised_cents"), "/", Greatest("member_count", 1)),
                output_field=models.BigIntegerField(),
            ),
        ),
        migrations.AddIndex(
            model_name="team",
            index=models.Index(fields=["event", "-average_cents", "id"], name="team_average"),
        ),
        migrations.AddIndex(
            model_name="team",
            index=models.Index(fields=["event", "moved"], name="team_moved"),
        ),
    ]
