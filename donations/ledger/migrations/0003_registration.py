from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from donations.ledger import triggers

DEBIT, CREDIT = 1, -1
ROLES = ("clearing", "undeposited", "in_transit", "payable", "fee_pool")


def write_rules(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    rule = apps.get_model("ledger", "KindRule")
    rule.objects.bulk_create(
        rule(kind="registration", role=role, side=side) for role in ROLES for side in (DEBIT, CREDIT)
    )


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_rules"),
    ]

    operations = [
        migrations.AlterField(
            model_name="balance",
            name="kind",
            field=models.CharField(
                choices=[
                    ("gift", "Gift"),
                    ("registration", "Entry fee"),
                    ("funding", "Funding of the fee pool"),
                    ("refund", "Refund"),
                    ("settled", "Settled by Stripe"),
                    ("fee", "Fee"),
                    ("unexplained", "Unexplained"),
                    ("placed", "Placed by a person"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="entry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("gift", "Gift"),
                    ("registration", "Entry fee"),
                    ("funding", "Funding of the fee pool"),
                    ("refund", "Refund"),
                    ("settled", "Settled by Stripe"),
                    ("fee", "Fee"),
                    ("unexplained", "Unexplained"),
                    ("placed", "Placed by a person"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="kindrule",
            name="kind",
            field=models.CharField(
                choices=[
                    ("gift", "Gift"),
                    ("registration", "Entry fee"),
                    ("funding", "Funding of the fee pool"),
                    ("refund", "Refund"),
                    ("settled", "Settled by Stripe"),
                    ("fee", "Fee"),
                    ("unexplained", "Unexplained"),
                    ("placed", "Placed by a person"),
                ],
                max_length=12,
            ),
        ),
        migrations.RunPython(triggers.remove, triggers.install),
        migrations.RunPython(write_rules, migrations.RunPython.noop),
        migrations.RunPython(triggers.install, triggers.remove),
    ]
