"""Raw SQL cannot unbalance, edit, delete, truncate or extend an entry: the database itself holds the books."""

import pytest
from django.db import DatabaseError, connection, transaction

from donations.ledger import triggers
from donations.ledger.models import SEQUENCE_BITS, Account, Entry, Ledger, Leg, Role
from tests.factories import a_ledger, a_page, a_payment, paid
from tests.tools.books import rolled_back
from tests.tools.fixtures.databases import CommittedDatabase

pytestmark = pytest.mark.money


@pytest.fixture
def names(db: None) -> dict[str, int]:
    """A ledger with a gift in it, and the numbers that attacks are written with."""
    paid(a_payment(a_page()))
    ledger = Ledger.objects.get()
    entry = Entry.objects.get()
    leg = Leg.objects.order_by("pk")[0]
    accounts = {account.role: account.pk for account in Account.objects.filter(ledger=ledger)}
    return {
        "ledger": ledger.pk,
        "entry": entry.pk,
        "next": entry.pk + 1,
        "next_sequence": entry.sequence + 1,
        "far": (ledger.pk << SEQUENCE_BITS) + 50,
        "elsewhere": ((ledger.pk + 7) << SEQUENCE_BITS) + 1,
        "leg": leg.pk,
        "clearing": accounts[Role.CLEARING],
        "stripe": accounts[Role.STRIPE],
        "pool": accounts[Role.FEE_POOL],
        "payable": accounts[Role.PAYABLE],
        "bank": accounts[Role.BANK],
    }


LEG = "INSERT INTO ledger_leg (entry_id, account_id, cents, key) VALUES "
ENTRY = "INSERT INTO ledger_entry (id, ledger_id, sequence, kind, reference, posted_at, happened_at, note) VALUES "
NOW = "'2026-11-20 00:00:00+00', '2026-11-20 00:00:00+00', ''"
GOOD_LEGS = LEG + "({next}, {clearing}, 500, 'payment:9'), ({next}, {pool}, -500, '')"

ATTACKS = {
    "edit an amount": "UPDATE ledger_leg SET cents = cents + 1 WHERE id = {leg}",
    "edit every amount": "UPDATE ledger_leg SET cents = -cents",
    "move a leg to another account": "UPDATE ledger_leg SET account_id = {stripe} WHERE id = {leg}",
    "move a leg to another entry": "UPDATE ledger_leg SET entry_id = {far} WHERE id = {leg}",
    "edit a key": "UPDATE ledger_leg SET key = 'payment:2' WHERE id = {leg}",
    "edit an entry": "UPDATE ledger_entry SET kind = 'funding'",
    "edit a reference": "UPDATE ledger_entry SET reference = 'x'",
    "edit a time": "UPDATE ledger_entry SET posted_at = '2020-01-01 00:00:00+00'",
    "delete a leg": "DELETE FROM ledger_leg WHERE id = {leg}",
    "delete all legs": "DELETE FROM ledger_leg",
    "delete an entry": "DELETE FROM ledger_entry",
    "delete a ledger": "DELETE FROM ledger_ledger",
    "delete an account": "DELETE FROM ledger_account WHERE id = {bank}",
    "delete a rule": "DELETE FROM ledger_kindrule",
    "edit a rule": "UPDATE ledger_kindrule SET role = 'bank'",
    "add a rule": "INSERT INTO ledger_kindrule (kind, role, side) VALUES ('gift', 'bank', 1)",
    "give an account another meaning": "UPDATE ledger_account SET role = 'bank', code = 'x' WHERE id = {pool}",
    "add a leg to a sealed entry": LEG + "({entry}, {pool}, 100, '')",
    "add balanced legs to a sealed entry": LEG + "({entry}, {pool}, 100, ''), ({entry}, {pool}, -100, '')",
    "add a leg of zero": LEG + "({next}, {pool}, 0, '')",
    "leave out a key": LEG + "({next}, {clearing}, 100, '')",
    "add a key where there is none": LEG + "({next}, {pool}, 100, 'payment:1')",
    "use an account of another ledger": LEG + "({elsewhere}, {pool}, 100, '')",
    "leave legs without an entry": GOOD_LEGS,
    "write an entry without legs": ENTRY + "({next}, {ledger}, {next_sequence}, 'gift', 'item:9', " + NOW + ")",
    "write an unbalanced entry": LEG
    + "({next}, {clearing}, 500, 'payment:9'), ({next}, {pool}, -499, '');"
    + ENTRY
    + "({next}, {ledger}, {next_sequence}, 'gift', 'item:9', "
    + NOW
    + ")",
    "skip a sequence": LEG
    + "({far}, {clearing}, 500, 'payment:9'), ({far}, {pool}, -500, '');"
    + ENTRY
    + "({far}, {ledger}, 50, 'gift', 'item:9', "
    + NOW
    + ")",
    "take an id that is not the sequence": GOOD_LEGS
    + ";"
    + ENTRY
    + "({next}, {ledger}, 50, 'gift', 'item:9', "
    + NOW
    + ")",
    "post a reference twice": GOOD_LEGS
    + ";"
    + ENTRY
    + "({next}, {ledger}, {next_sequence}, 'gift', (SELECT reference FROM ledger_entry), "
    + NOW
    + ")",
    "invent a kind": GOOD_LEGS + ";" + ENTRY + "({next}, {ledger}, {next_sequence}, 'theft', 'item:9', " + NOW + ")",
    "touch an account that the kind may not": LEG
    + "({next}, {bank}, 500, ''), ({next}, {pool}, -500, '');"
    + ENTRY
    + "({next}, {ledger}, {next_sequence}, 'gift', 'item:9', "
    + NOW
    + ")",
    "turn the counter back": "UPDATE ledger_ledger SET last_sequence = 0",
    "turn the counter forward": "UPDATE ledger_ledger SET last_sequence = 99",
    "begin a ledger in the middle": "INSERT INTO ledger_ledger (code, currency, last_sequence) VALUES ('x', 'usd', 5)",
}
SQLITE_ATTACKS = {
    "replace a leg": "INSERT OR REPLACE INTO ledger_leg (id, entry_id, account_id, cents, key)"
    " VALUES ({leg}, {entry}, {pool}, 1, '')",
    "replace an entry": "INSERT OR REPLACE INTO ledger_entry VALUES ({entry}, 1, 'gift', 'item:9', "
    + NOW
    + ", {ledger})",
    "replace a ledger": "INSERT OR REPLACE INTO ledger_ledger (id, code, currency, last_sequence)"
    " VALUES ({ledger}, 'main', 'usd', 0)",
    "replace an account": "INSERT OR REPLACE INTO ledger_account (id, code, role, keyed, ledger_id)"
    " VALUES ({pool}, 'fee_pool', 'bank', 0, {ledger})",
    "update or replace": "UPDATE OR REPLACE ledger_leg SET id = id + 1",
    "half a cent": LEG + "({next}, {pool}, 0.5, '')",
    "words for cents": LEG + "({next}, {pool}, 'many', '')",
}
POSTGRES_ATTACKS = {
    "truncate legs": "TRUNCATE ledger_leg CASCADE",
    "truncate entries": "TRUNCATE ledger_entry CASCADE",
    "truncate accounts": "TRUNCATE ledger_account CASCADE",
    "truncate ledgers": "TRUNCATE ledger_ledger CASCADE",
    "update by conflict": "INSERT INTO ledger_leg (id, entry_id, account_id, cents, key)"
    " VALUES ({leg}, {next}, {pool}, 1, '') ON CONFLICT (id) DO UPDATE SET cents = 1",
    "write an entry between two": GOOD_LEGS
    + "; INSERT INTO ledger_entry (id, ledger_id, sequence, kind, reference, posted_at, happened_at, note)"
    " SELECT {next} + n, {ledger}, {next_sequence} + n, 'gift', 'item:' || n, now(), now(), ''"
    " FROM generate_series(0, 2, 2) n",
}


def attempt(sql: str, names: dict[str, int]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in sql.format(**names).split(";"):
            cursor.execute(statement)
        # What is deferred to the commit is asked for now.
        connection.check_constraints()


@pytest.mark.parametrize("attack", ATTACKS)
def test_refused(attack: str, names: dict[str, int]) -> None:
    with pytest.raises(DatabaseError):
        attempt(ATTACKS[attack], names)


@pytest.mark.parametrize("attack", SQLITE_ATTACKS)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own ways")
def test_refused_on_sqlite(attack: str, names: dict[str, int]) -> None:
    with pytest.raises(DatabaseError):
        attempt(SQLITE_ATTACKS[attack], names)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own ways")
@pytest.mark.parametrize("attack", POSTGRES_ATTACKS)
def test_refused_on_postgresql(attack: str, names: dict[str, int]) -> None:
    with pytest.raises(DatabaseError):
        attempt(POSTGRES_ATTACKS[attack], names)


def test_the_attacks_would_work_where_they_are_honest(names: dict[str, int]) -> None:
    """The tools of the attacks are sound: a balanced entry with the next sequence is taken."""
    honest = ENTRY + "({next}, {ledger}, {next_sequence}, 'gift', 'item:9', " + NOW + ")"
    with rolled_back():
        attempt(f"{GOOD_LEGS};{honest}", names)
        assert Ledger.objects.get().last_sequence == names["next_sequence"]


def test_triggers_are_installed_as_written(db: None) -> None:
    a_ledger()
    assert triggers.missing(connection) == []


def test_a_dropped_trigger_is_named(committed_db: CommittedDatabase) -> None:
    table = "" if connection.vendor == "sqlite" else " ON ledger_entry"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER ledger_entry_guard{table}")
    assert triggers.missing(connection) == ["ledger_entry_guard"]
    with connection.schema_editor() as editor:
        triggers.install(None, editor)
    assert triggers.missing(connection) == []
