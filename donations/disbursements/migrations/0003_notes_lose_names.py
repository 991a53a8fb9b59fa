from django.db import migrations

from common import append_only

TABLE = "disbursements_receipt"


class Migration(migrations.Migration):
    dependencies = [
        ("disbursements", "0002_evidence_and_allocations"),
    ]

    operations = [migrations.RunPython(append_only.install(TABLE, texts=("note",)), append_only.install(TABLE))]
