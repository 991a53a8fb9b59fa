from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from donations.ledger import triggers

DEBIT, CREDIT = 1, -1
# Kind to the account roles it may touch. On both sides, since amounts are signed (docs/books.md).
RULES: dict[str, tuple[str, ...]] = {
    "gift": ("clearing", "undeposited", "in_transit", "payable", "fee_pool"),
    "funding": ("clearing", "undeposited", "in_transit", "fee_pool"),
    "refund": ("payable", "fee_pool", "clearing", "undeposited", "in_transit"),
    "settled": ("stripe", "fee_pool", "clearing"),
    "fee": ("fee_pool", "stripe", "bank"),
    "unexplained": ("suspense", "stripe", "bank"),
    "placed": ("suspense", "fee_pool", "clearing", "in_transit", "undeposited"),
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
    dependencies = [("ledger", "0001_initial")]
    operations = [
        migrations.RunPython(write_rules, migrations.RunPython.noop),
        migrations.RunPython(triggers.install, triggers.remove),
    ]
