"""Codes that stand for entries deferred to the next edition."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registration", "0003_arrived_at")]

    operations = [
        migrations.AddField(
            model_name="promocode",
            name="promised_to",
            field=models.OneToOneField(
                blank=True,
                help_text="Whose deferred entries it stands for; nobody else is told the code.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="promise",
                to="registration.registration",
            ),
        ),
    ]
