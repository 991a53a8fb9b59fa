from django.db import migrations

from common import append_only


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.RunPython(append_only.install("accounts_staffact"), append_only.remove("accounts_staffact")),
    ]
