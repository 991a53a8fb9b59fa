from django.db import migrations, models

from common import indexes


class Migration(migrations.Migration):
    dependencies = [
        ("fundraisers", "0005_update_waits"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="visits",
            index=models.Index(fields=["day", "source", "count"], name="visits_by_day"),
        ),
        indexes.for_search("fundraisers", addresses={("Fundraiser", "email"): "fundraiser_address"}),
    ]
