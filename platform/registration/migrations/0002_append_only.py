from django.db import migrations

from common import append_only

TABLE = "registration_participantchange"


class Migration(migrations.Migration):
    dependencies = [("registration", "0001_initial")]
    operations = [migrations.RunPython(append_only.install(TABLE), append_only.remove(TABLE))]
