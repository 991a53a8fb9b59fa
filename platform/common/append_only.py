"""Triggers that let a table only grow, on SQLite and PostgreSQL: for the audit log and the credits.

A migration that touches such a table ends with this again: Django's SQLite schema editor drops triggers silently.

One change is let through, so that a person can be forgotten (docs/decisions/0016): a column of `texts` may lose a
piece, and shows the hole. What stands before it and behind it must be how the old text began and ended; nothing can be
added, and nothing else of the row may change.
"""

import re
from collections.abc import Callable, Iterable

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

HOLE = "[erased]"


def install(table: str, texts: tuple[str, ...] = ()) -> Callable[[object, BaseDatabaseSchemaEditor], None]:
    """For RunPython: rows of `table` can be added, not changed or removed; `texts` can get a hole."""

    def run(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
        remove(table)(_apps, schema_editor)
        statements = _sqlite(table, texts, schema_editor) if _is_sqlite(schema_editor) else _postgresql(table, texts)
        for statement in statements:
            schema_editor.execute(statement, params=None)

    return run


def _is_sqlite(schema_editor: BaseDatabaseSchemaEditor) -> bool:
    return schema_editor.connection.vendor == "sqlite"


def _sqlite(table: str, texts: tuple[str, ...], schema_editor: BaseDatabaseSchemaEditor) -> list[str]:
    refused = f"BEGIN SELECT RAISE(ABORT, '{{verb}} on {table} is refused: its rows are only ever added'); END"
    unless = ""
    if texts:
        connection = schema_editor.connection
        with connection.cursor() as cursor:
            columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
        same = [f"NEW.{column} IS OLD.{column}" for column in columns if column not in texts]
        unless = f"WHEN NOT ({' AND '.join([*same, *(_holed(text, 'instr') for text in texts)])}) "
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {unless}{refused.format(verb='UPDATE')}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refused.format(verb='DELETE')}",
    ]


def _postgresql(table: str, texts: tuple[str, ...]) -> list[str]:
    refuse = f"RAISE EXCEPTION '% on {table} is refused: its rows are only ever added', TG_OP;"
    verbs = "DELETE OR TRUNCATE" if texts else "UPDATE OR DELETE OR TRUNCATE"
    statements = [
        _function(f"{table}_refuse", refuse),
        f"CREATE TRIGGER {table}_append_only BEFORE {verbs} ON {table} EXECUTE FUNCTION {table}_refuse()",
    ]
    if texts:
        rest = f"- ARRAY[{', '.join(map(repr, texts))}]"
        holed = [f"to_jsonb(NEW) {rest} = to_jsonb(OLD) {rest}", *(_holed(text, "strpos") for text in texts)]
        statements += [
            _function(f"{table}_holed", f"IF NOT ({' AND '.join(holed)}) THEN {refuse} END IF; RETURN NEW;"),
            f"CREATE TRIGGER {table}_texts BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_holed()",
        ]
    return statements


def _function(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END$$"


def _holed(text: str, place: str) -> str:
    """SQL: the new text is the old one, or what is left of it around one hole. `place` finds a piece in a text."""
    new, old, hole = f"NEW.{text}", f"OLD.{text}", f"{place}(NEW.{text}, '{HOLE}')"
    before = f"{hole} - 1"
    behind = f"(length({new}) - {hole} - {len(HOLE) - 1})"
    return (
        f"({new} = {old} OR ({hole} > 0 AND {before} + {behind} < length({old})"
        f" AND substr({new}, 1, {before}) = substr({old}, 1, {before})"
        f" AND substr({new}, {hole} + {len(HOLE)}) = substr({old}, length({old}) - {behind} + 1)))"
    )


def remove(table: str) -> Callable[[object, BaseDatabaseSchemaEditor], None]:
    def run(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_update", params=None)
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_delete", params=None)
        else:
            for name in ("append_only", "texts"):
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}", params=None)

    return run


def with_hole(text: str, words: Iterable[str]) -> str:
    """The text without these words: one hole from the first of them, or an older hole, to the last."""
    whole = [rf"(?<!\w){re.escape(word)}(?!\w)" for word in words if word != HOLE]
    found = [match.span() for piece in (re.escape(HOLE), *whole) for match in re.finditer(piece, text, re.IGNORECASE)]
    if all(text[begin:end] == HOLE for begin, end in found):
        return text
    return text[: min(begin for begin, _end in found)] + HOLE + text[max(end for _begin, end in found) :]


def is_append_only(connection: BaseDatabaseWrapper, table: str) -> bool:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT count(*) = 2 FROM sqlite_master WHERE type = 'trigger' AND name IN (%s, %s)",
                [f"{table}_no_update", f"{table}_no_delete"],
            )
        else:
            # The bits of pg_trigger.tgtype: 8 is DELETE, 16 UPDATE.
            cursor.execute(
                "SELECT bool_or(tgtype & 8 > 0) AND bool_or(tgtype & 16 > 0) FROM pg_trigger"
                " WHERE tgname IN (%s, %s) AND tgenabled = 'O'",
                [f"{table}_append_only", f"{table}_texts"],
            )
        return bool(cursor.fetchone()[0])
