from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0002_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="participant",
            name="arrived_at",
            field=models.DateTimeField(null=True),
        ),
    ]
