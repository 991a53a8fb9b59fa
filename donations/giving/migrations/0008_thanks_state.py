"""A runner's thanks that a moderator reads first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("giving", "0007_dispute_answers_and_imports")]

    operations = [
        migrations.AddField(
            model_name="donation",
            name="thanks_state",
            field=models.CharField(
                choices=[("shown", "Shown"), ("waiting", "Waits for a moderator"), ("refused", "Not shown")],
                default="shown",
                max_length=7,
            ),
        ),
    ]
