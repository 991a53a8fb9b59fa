from django.db import migrations

from common import indexes


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0005_payouts"),
    ]

    operations = [
        indexes.for_search("payments", addresses={("Payment", "email"): "payment_address"}),
    ]
