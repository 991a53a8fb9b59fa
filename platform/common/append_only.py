"""Triggers that let a table only grow, on SQLite and PostgreSQL: for the audit log and the credits.

A migration that touches such a table ends with this again: Django's SQLite schema editor drops triggers silently.
"""

from collections.abc import Callable

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def install(table: str) -> Callable[[object, BaseDatabaseSchemaEditor], None]:
    """For RunPython: rows of `table` can be added, not changed or removed."""

    def run(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
        remove(table)(_apps, schema_editor)
        if schema_editor.connection.vendor == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, '{verb} on {table} is refused: its rows are only ever added'); END",
                    params=None,
                )
            return
        schema_editor.execute(
            f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
            f" BEGIN RAISE EXCEPTION '% on {table} is refused: its rows are only ever added', TG_OP; END$$",
            params=None,
        )
        schema_editor.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
            params=None,
        )

    return run


def remove(table: str) -> Callable[[object, BaseDatabaseSchemaEditor], None]:
    def run(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_update", params=None)
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_delete", params=None)
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}", params=None)

    return run


def is_append_only(connection: BaseDatabaseWrapper, table: str) -> bool:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT count(*) = 2 FROM sqlite_master WHERE type = 'trigger' AND name IN (%s, %s)",
                [f"{table}_no_update", f"{table}_no_delete"],
            )
        else:
            cursor.execute(
                "SELECT count(*) = 1 FROM pg_trigger WHERE tgname = %s AND tgenabled = 'O'", [f"{table}_append_only"]
            )
        return bool(cursor.fetchone()[0])
