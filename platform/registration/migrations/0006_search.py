from django.db import migrations

from common import indexes


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0005_fair_value"),
    ]

    operations = [
        indexes.for_search(
            "registration",
            addresses={
                ("Registration", "email"): "registration_address",
                ("Participant", "email"): "participant_address",
            },
            words={"Participant": "participant_words"},
        ),
    ]
