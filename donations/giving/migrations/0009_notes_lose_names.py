from django.db import migrations

from common import append_only

TABLE = "giving_credit"


class Migration(migrations.Migration):
    dependencies = [
        ("giving", "0008_thanks_state"),
    ]

    operations = [migrations.RunPython(append_only.install(TABLE, texts=("note",)), append_only.install(TABLE))]
