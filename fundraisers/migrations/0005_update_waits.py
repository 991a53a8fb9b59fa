"""News that a moderator reads first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fundraisers", "0004_owners")]

    operations = [
        migrations.AddField(
            model_name="update",
            name="waits",
            field=models.BooleanField(default=False, help_text="For a moderator to read it first."),
        ),
    ]
