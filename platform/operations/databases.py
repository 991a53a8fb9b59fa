"""The database as one file and back, by its own tools: SQLite's online backup, PostgreSQL's pg_dump and pg_restore.

Either copy is of one moment, taken while the site goes on writing, and the figures are of that same moment.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from common import clock

Ask = Callable[[str], Iterable[Any]]

_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}
# By the legs, not by the balances kept beside them: what is compared is computed.
_BOOKS = (
    "SELECT b.code, a.code, sum(l.cents) FROM ledger_leg l JOIN ledger_account a ON a.id = l.account_id"
    " JOIN ledger_ledger b ON b.id = a.ledger_id JOIN ledger_entry e ON e.id = l.entry_id"
    " GROUP BY b.code, a.code ORDER BY b.code, a.code"
)


class CannotCopy(Exception):
    """The copy was not made, or not brought back; the message is a sentence for who runs the command."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a database holds: rows by table, and cents by account, `main stripe:balance`."""

    rows: dict[str, int]
    cents: dict[str, int]

    def differences(self, other: "Figures") -> list[str]:
        """What differs, named; a table that only one of them has is not there in the other."""
        mine, theirs = asdict(self), asdict(other)
        return [
            f"{kind} of {name}: {mine[kind].get(name, 'none')} and {theirs[kind].get(name, 'none')}"
            for kind in mine
            for name in sorted({*mine[kind], *theirs[kind]})
            if mine[kind].get(name) != theirs[kind].get(name)
        ]


def copy_database(target: Path) -> Figures:
    """Writes the copy and says what is in it. Raises CannotCopy."""
    return _copy_sqlite(target) if connection.vendor == "sqlite" else _copy_postgresql(target)


def bring_back(source: Path, *, replace: bool) -> None:
    """Makes the configured database what the copy is. Raises CannotCopy where another one is in its place.

    `replace` puts a SQLite file aside under another name. The site must not run meanwhile.
    """
    connection.close()
    if connection.vendor == "sqlite":
        _bring_back_sqlite(source, replace=replace)
    else:
        _bring_back_postgresql(source)


def figures() -> Figures:
    """Of the configured database."""

    def ask(sql: str) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    return _figures(ask, connection.vendor)


def _figures(ask: Ask, vendor: str) -> Figures:
    tables = sorted(name for (name,) in ask(_TABLES[vendor]))
    # The names are the database's own.
    rows = {name: next(iter(ask(f'SELECT count(*) FROM "{name}"')))[0] for name in tables}  # noqa: S608
    cents = {f"{ledger} {account}": int(cents) for ledger, account, cents in ask(_BOOKS)}
    return Figures(rows, cents)


def _copy_sqlite(target: Path) -> Figures:
    with (
        closing(sqlite3.connect(f"file:{connection.settings_dict['NAME']}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        # In one step: beside a writer, a copy in several steps begins again with each write.
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        return _figures(copy.execute, "sqlite")


def _bring_back_sqlite(source: Path, *, replace: bool) -> None:
    name = Path(connection.settings_dict["NAME"])
    if name.exists():
        if not replace:
            raise CannotCopy(f"{name} is there already. Stop the site, and say --replace to put that file aside.")
        with closing(sqlite3.connect(name)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            old.execute("PRAGMA journal_mode = DELETE")
        name.rename(name.with_name(f"{name.name}.before-{clock.now():%Y%m%dT%H%M%SZ}"))
    name.parent.mkdir(parents=True, exist_ok=True)
    half = name.with_name(f"{name.name}.half")
    shutil.copyfile(source, half)
    half.chmod(0o600)
    half.rename(name)


def _copy_postgresql(target: Path) -> Figures:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        [snapshot] = cursor.fetchone() or [""]
        found = figures()
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}")
    return found


def _bring_back_postgresql(source: Path) -> None:
    if connection.introspection.table_names():
        raise CannotCopy(
            f"The database {connection.settings_dict['NAME']} is not empty. Make an empty one, name it in DATABASE_URL,"
            " and restore into that: the old one stays as it is."
        )
    connection.close()
    _run("pg_restore", "--exit-on-error", "--single-transaction", str(source))


def _run(program: str, *words: str) -> None:
    found = shutil.which(program)
    if not found:
        raise CannotCopy(f"{program} is not here. On Debian it is in postgresql-client.")
    told = connection.settings_dict
    libpq = {"HOST": told["HOST"], "PORT": told["PORT"], "USER": told["USER"], "PASSWORD": told["PASSWORD"]}
    where = {f"PG{name}": str(value) for name, value in libpq.items() if value}
    words = (*words, "--no-owner", "--no-privileges", f"--dbname={told['NAME']}")
    done = subprocess.run([found, *words], env={**os.environ, **where}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotCopy(f"{program} said: {done.stderr.strip()[-600:]}")
