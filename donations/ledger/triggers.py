"""The ledger's rules as the database holds them, the same on SQLite and PostgreSQL.

Legs are inserted first and their entry last: the entry is the seal. Every migration that touches these tables must
end with `install`, because Django's SQLite schema editor rebuilds tables and drops their triggers without a word.
"""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from donations.ledger.models import SEQUENCE_BITS

APPEND_ONLY = ("ledger_entry", "ledger_leg", "ledger_kindrule")

_SQLITE_BODIES = {
    # INSERT OR REPLACE deletes without asking, so what exists is refused before it comes to that.
    "ledger_entry_guard": f"""
        BEFORE INSERT ON ledger_entry BEGIN
          SELECT RAISE(ABORT, 'books: an entry with this id or reference exists')
            WHERE EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.id OR reference = NEW.reference);
          SELECT RAISE(ABORT, 'books: the sequence must be the ledger''s next')
            WHERE NEW.sequence IS NOT (SELECT last_sequence + 1 FROM ledger_ledger WHERE id = NEW.ledger_id)
               OR NEW.id IS NOT (NEW.ledger_id << {SEQUENCE_BITS}) + NEW.sequence;
          SELECT RAISE(ABORT, 'books: the legs of an entry must add up to zero')
            WHERE (SELECT SUM(cents) FROM ledger_leg WHERE entry_id = NEW.id) IS NOT 0;
          SELECT RAISE(ABORT, 'books: this kind may not touch this side of this account')
            WHERE EXISTS (
              SELECT 1 FROM ledger_leg l JOIN ledger_account a ON a.id = l.account_id
              WHERE l.entry_id = NEW.id AND NOT EXISTS (
                SELECT 1 FROM ledger_kindrule k
                WHERE k.kind = NEW.kind AND k.role = a.role AND k.side = CASE WHEN l.cents > 0 THEN 1 ELSE -1 END));
        END""",
    "ledger_entry_count": """
        AFTER INSERT ON ledger_entry BEGIN
          UPDATE ledger_ledger SET last_sequence = NEW.sequence WHERE id = NEW.ledger_id;
        END""",
    "ledger_leg_guard": f"""
        BEFORE INSERT ON ledger_leg BEGIN
          SELECT RAISE(ABORT, 'books: the entry of this leg is sealed')
            WHERE EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry_id);
          SELECT RAISE(ABORT, 'books: a leg with this id exists')
            WHERE NEW.id > 0 AND EXISTS (SELECT 1 FROM ledger_leg WHERE id = NEW.id);
          SELECT RAISE(ABORT, 'books: money is whole cents') WHERE typeof(NEW.cents) IS NOT 'integer';
          SELECT RAISE(ABORT, 'books: a leg needs an account of its ledger, and a key just where accounts are keyed')
            WHERE NOT EXISTS (
              SELECT 1 FROM ledger_account a WHERE a.id = NEW.account_id
              AND a.ledger_id = NEW.entry_id >> {SEQUENCE_BITS} AND a.keyed = (NEW.key <> ''));
        END""",
    "ledger_ledger_guard": """
        BEFORE INSERT ON ledger_ledger BEGIN
          SELECT RAISE(ABORT, 'books: a ledger begins at zero, once')
            WHERE NEW.last_sequence IS NOT 0
               OR EXISTS (SELECT 1 FROM ledger_ledger WHERE id = NEW.id OR code = NEW.code);
        END""",
    "ledger_ledger_counter": """
        BEFORE UPDATE OF id, currency, last_sequence ON ledger_ledger BEGIN
          SELECT RAISE(ABORT, 'books: the counter moves with its entries only')
            WHERE NEW.id IS NOT OLD.id OR NEW.currency IS NOT OLD.currency OR NEW.last_sequence IS NOT
              (SELECT COALESCE(MAX(sequence), 0) FROM ledger_entry WHERE ledger_id = NEW.id);
        END""",
    "ledger_account_guard": """
        BEFORE INSERT ON ledger_account BEGIN
          SELECT RAISE(ABORT, 'books: this account exists')
            WHERE EXISTS (SELECT 1 FROM ledger_account
                          WHERE id = NEW.id OR (ledger_id = NEW.ledger_id AND code = NEW.code));
        END""",
    "ledger_account_fixed": """
        BEFORE UPDATE OF id, ledger_id, code, role, keyed, beneficiary_id ON ledger_account BEGIN
          SELECT RAISE(ABORT, 'books: an account keeps its meaning');
        END""",
    "ledger_kindrule_no_insert": """
        BEFORE INSERT ON ledger_kindrule BEGIN SELECT RAISE(ABORT, 'books: kinds change by migration'); END""",
}

_POSTGRESQL_BODIES = {
    "ledger_refuse": """
        BEGIN RAISE EXCEPTION 'books: % on % is refused', TG_OP, TG_TABLE_NAME; END""",
    "ledger_entry_guard": f"""
        DECLARE batch record; counter bigint;
        BEGIN
          FOR batch IN SELECT ledger_id, min(sequence) AS low, max(sequence) AS high, count(*) AS size
                       FROM added GROUP BY ledger_id ORDER BY ledger_id LOOP
            SELECT last_sequence INTO counter FROM ledger_ledger WHERE id = batch.ledger_id FOR NO KEY UPDATE;
            IF counter IS NULL OR batch.low <> counter + 1 OR batch.high <> counter + batch.size THEN
              RAISE EXCEPTION 'books: the sequence must be the ledger''s next';
            END IF;
            UPDATE ledger_ledger SET last_sequence = batch.high WHERE id = batch.ledger_id;
          END LOOP;
          IF EXISTS (SELECT 1 FROM added WHERE id <> (ledger_id << {SEQUENCE_BITS}) + sequence) THEN
            RAISE EXCEPTION 'books: an entry''s id is its ledger and its sequence';
          END IF;
          IF EXISTS (SELECT 1 FROM added e WHERE
                     (SELECT sum(cents) FROM ledger_leg WHERE entry_id = e.id) IS DISTINCT FROM 0) THEN
            RAISE EXCEPTION 'books: the legs of an entry must add up to zero';
          END IF;
          IF EXISTS (SELECT 1 FROM added e JOIN ledger_leg l ON l.entry_id = e.id
                     JOIN ledger_account a ON a.id = l.account_id
                     LEFT JOIN ledger_kindrule k ON k.kind = e.kind AND k.role = a.role AND k.side = sign(l.cents)
                     WHERE k.id IS NULL) THEN
            RAISE EXCEPTION 'books: this kind may not touch this side of this account';
          END IF;
          RETURN NULL;
        END""",
    # The lock comes first: without it a second transaction adds legs to an entry that it cannot see yet.
    "ledger_leg_guard": f"""
        BEGIN
          PERFORM 1 FROM ledger_ledger WHERE id IN (SELECT entry_id >> {SEQUENCE_BITS} FROM added)
            ORDER BY id FOR NO KEY UPDATE;
          IF EXISTS (SELECT 1 FROM added JOIN ledger_entry e ON e.id = added.entry_id) THEN
            RAISE EXCEPTION 'books: the entry of this leg is sealed';
          END IF;
          IF EXISTS (SELECT 1 FROM added l LEFT JOIN ledger_account a ON a.id = l.account_id
                     WHERE a.id IS NULL OR a.ledger_id <> l.entry_id >> {SEQUENCE_BITS}
                        OR a.keyed <> (l.key <> '')) THEN
            RAISE EXCEPTION 'books: a leg needs an account of its ledger, and a key just where accounts are keyed';
          END IF;
          RETURN NULL;
        END""",
    "ledger_ledger_guard": """
        BEGIN
          IF TG_OP = 'INSERT' AND NEW.last_sequence <> 0 THEN
            RAISE EXCEPTION 'books: a ledger begins at zero';
          END IF;
          IF TG_OP = 'UPDATE' AND (NEW.id <> OLD.id OR NEW.currency <> OLD.currency OR NEW.last_sequence <>
              (SELECT COALESCE(max(sequence), 0) FROM ledger_entry WHERE ledger_id = NEW.id)) THEN
            RAISE EXCEPTION 'books: the counter moves with its entries only';
          END IF;
          RETURN NEW;
        END""",
}

_POSTGRESQL_TRIGGERS = {
    "ledger_entry_guard": "AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS added"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_guard()",
    "ledger_leg_guard": "AFTER INSERT ON ledger_leg REFERENCING NEW TABLE AS added"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_leg_guard()",
    "ledger_ledger_guard": "BEFORE INSERT OR UPDATE OF id, currency, last_sequence ON ledger_ledger"
    " FOR EACH ROW EXECUTE FUNCTION ledger_ledger_guard()",
    "ledger_account_fixed": "BEFORE UPDATE OF id, ledger_id, code, role, keyed, beneficiary_id ON ledger_account"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()",
    "ledger_kindrule_no_insert": "BEFORE INSERT ON ledger_kindrule FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()",
}


def _sqlite() -> dict[str, str]:
    bodies = {name: " ".join(body.split()) for name, body in _SQLITE_BODIES.items()}
    for table in (*APPEND_ONLY, "ledger_ledger", "ledger_account"):
        verbs = ("UPDATE", "DELETE") if table in APPEND_ONLY else ("DELETE",)
        for verb in verbs:
            bodies[f"{table}_no_{verb.lower()}"] = (
                f"BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'books: {verb} on {table} is refused'); END"
            )
    return {name: f"CREATE TRIGGER {name} {body}" for name, body in bodies.items()}


def _postgresql() -> dict[str, str]:
    bodies = dict(_POSTGRESQL_TRIGGERS)
    for table in (*APPEND_ONLY, "ledger_ledger", "ledger_account"):
        verbs = ("UPDATE", "DELETE", "TRUNCATE") if table in APPEND_ONLY else ("DELETE", "TRUNCATE")
        bodies[f"{table}_append_only"] = (
            f"BEFORE {' OR '.join(verbs)} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"
        )
    return {name: f"CREATE TRIGGER {name} {body}" for name, body in bodies.items()}


def _functions() -> dict[str, str]:
    return {
        name: f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
        for name, body in _POSTGRESQL_BODIES.items()
    }


def written(vendor: str) -> dict[str, str]:
    """Trigger name to the SQL that creates it, for `sqlite` or `postgresql`."""
    return _sqlite() if vendor == "sqlite" else _postgresql()


def installed(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Trigger name to its SQL (SQLite), or its moments and function body (PostgreSQL), as the database has it now."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'ledger_%'")
        else:
            cursor.execute(
                "SELECT t.tgname, t.tgtype || ' ' || p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
                " WHERE NOT t.tgisinternal AND t.tgenabled = 'O' AND t.tgrelid::regclass::text LIKE 'ledger_%'"
            )
        return dict(cursor.fetchall())


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of triggers that are not installed as written: the books are not held by the database then."""
    have, want = installed(connection), written(connection.vendor)
    if connection.vendor == "sqlite":
        return sorted(name for name in want if have.get(name) != want[name])
    return sorted(name for name in want if have.get(name) != _as_installed(want[name]))


# The bits of pg_trigger.tgtype (src/include/catalog/pg_trigger.h).
_ROW, _BEFORE = 1, 2
_EVENTS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}


def _as_installed(statement: str) -> str:
    """What pg_trigger and pg_proc must say of a trigger that was created by this statement."""
    head, function = statement.removesuffix("()").split(" EXECUTE FUNCTION ")
    # Columns and tables are in small letters, so the verbs are what is in capitals before ON.
    moments = head.split(" ON ")[0].split()
    bits = sum(bit for verb, bit in _EVENTS.items() if verb in moments)
    bits += _BEFORE * ("BEFORE" in moments) + _ROW * head.endswith("FOR EACH ROW")
    return f"{bits} {_POSTGRESQL_BODIES[function]}"


def install(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Installs every trigger anew; the last operation of each migration on the ledger's tables."""
    remove(_apps, schema_editor)
    vendor = schema_editor.connection.vendor
    statements = list(written(vendor).values())
    if vendor == "postgresql":
        statements = [*_functions().values(), *statements]
    for statement in statements:
        schema_editor.execute(statement, params=None)


def remove(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Takes the triggers away for the length of a migration."""
    connection = schema_editor.connection
    for name in installed(connection):
        if connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {name}", params=None)
        else:
            table = "_".join(name.split("_")[:2])
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}", params=None)
