from django.db import migrations

from common import append_only


class Migration(migrations.Migration):
    dependencies = [("giving", "0001_initial")]
    operations = [
        migrations.RunPython(append_only.install("giving_credit"), append_only.remove("giving_credit")),
    ]
