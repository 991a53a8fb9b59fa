from django.db import migrations

from common import append_only

TABLE = "accounts_staffact"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_api_tokens"),
    ]

    operations = [
        migrations.RunPython(append_only.install(TABLE, texts=("target", "reason")), append_only.install(TABLE))
    ]
