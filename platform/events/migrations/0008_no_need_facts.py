from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("events", "0007_home_from_rows")]

    operations = [
        migrations.RemoveField(model_name="event", name="call"),
        migrations.DeleteModel(name="NeedFact"),
    ]
