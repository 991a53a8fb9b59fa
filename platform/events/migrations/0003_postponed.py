from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0002_runners_and_teams"),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
            name="moved_to",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="event",
            name="refunds_until",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
