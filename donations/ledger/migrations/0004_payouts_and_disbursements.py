from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from donations.ledger import triggers

DEBIT, CREDIT = 1, -1
RULES: dict[str, tuple[str, ...]] = {
    "payout": ("in_transit", "fee_pool", "stripe"),
    "bank_line": ("bank", "in_transit", "undeposited"),
    "disbursement": ("payable", "in_transit", "clearing"),
    "allocation": ("fee_pool", "payable"),
}


def write_rules(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    rule = apps.get_model("ledger", "KindRule")
    rule.objects.bulk_create(
        rule(kind=kind, role=role, side=side)
        for kind, roles in RULES.items()
        for role in roles
        for side in (DEBIT, CREDIT)
    )


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0003_registration"),
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
                    ("payout", "Payout"),
                    ("fee", "Fee"),
                    ("bank_line", "Line of the bank's statement"),
                    ("disbursement", "Paid to an organization"),
                    ("allocation", "Allocated by two people"),
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
                    ("payout", "Payout"),
                    ("fee", "Fee"),
                    ("bank_line", "Line of the bank's statement"),
                    ("disbursement", "Paid to an organization"),
                    ("allocation", "Allocated by two people"),
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
                    ("payout", "Payout"),
                    ("fee", "Fee"),
                    ("bank_line", "Line of the bank's statement"),
                    ("disbursement", "Paid to an organization"),
                    ("allocation", "Allocated by two people"),
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
