from django.db import migrations, models

from common import indexes


class Migration(migrations.Migration):
    dependencies = [
        ("giving", "0009_notes_lose_names"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="donation",
            index=models.Index(fields=["event", "kind", "received_at", "amount_cents"], name="donation_by_day"),
        ),
        migrations.AddIndex(
            model_name="donation",
            index=models.Index(fields=["event", "amount_cents", "-id"], name="donation_by_amount"),
        ),
        migrations.AddIndex(
            model_name="donation",
            index=models.Index(
                condition=models.Q(("message_state", "waiting")), fields=["received_at"], name="donation_words_wait"
            ),
        ),
        migrations.AddIndex(
            model_name="donation",
            index=models.Index(
                condition=models.Q(("thanks_state", "waiting")), fields=["thanked_at"], name="donation_thanks_wait"
            ),
        ),
        indexes.for_search("giving", addresses={}, words={"Donation": "donation_words"}),
    ]
