from django.db import migrations

from common import indexes


class Migration(migrations.Migration):
    dependencies = [
        ("outreach", "0004_news"),
    ]

    operations = [
        indexes.for_search("outreach", addresses={("OutboxMail", "to"): "outbox_address"}),
    ]
