"""Backups: a folder with the database, the uploaded files and a manifest that says what was in them; and the way back.

The database is copied first: a file is stored before the row that names it, so what the copied rows name is copied too.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from common import clock
from donations.giving.checks import check_books
from operations.databases import CannotCopy, Figures, bring_back, copy_database, figures

DATABASE, FILES, MANIFEST = "database", "files.tar", "manifest.json"
Tell = Callable[[str], None]


def take(folder: Path, tell: Tell) -> Path:
    """Makes a backup in `folder` and returns its place. It has its name when it is whole. Raises CannotCopy."""
    name = f"backup-{clock.now():%Y%m%dT%H%M%SZ}"
    half, whole = folder / f".{name}", folder / name
    half.mkdir(mode=0o700, parents=True)
    try:
        tell("Copying the database.")
        held = copy_database(half / DATABASE)
        tell("Copying the uploaded files.")
        _pack(half / FILES)
        manifest = {
            "made_at": clock.now().isoformat(),
            "vendor": connection.vendor,
            "sha256": {name: _digest(half / name) for name in (DATABASE, FILES)},
            **asdict(held),
        }
        (half / MANIFEST).write_text(json.dumps(manifest, indent=1))
        for file in half.iterdir():
            file.chmod(0o600)
        half.rename(whole)
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise
    return whole


def prune(folder: Path, keep: int) -> list[Path]:
    """Removes the oldest whole backups beyond `keep`; returns them."""
    old = sorted(folder.glob("backup-*"))[:-keep]
    for backup in old:
        shutil.rmtree(backup)
    return old


def newest(folder: Path) -> Path:
    found = sorted(folder.glob("backup-*"))
    if not found:
        raise CannotCopy(f"There is no backup in {folder}.")
    return found[-1]


def restore(backup: Path, *, replace: bool, tell: Tell) -> None:
    """Brings a backup back, migrates it and checks it against its manifest. Raises CannotCopy with what is wrong.

    Nothing is touched before the files of the backup are known to be those that were written.
    """
    manifest = _manifest(backup)
    if manifest["vendor"] != connection.vendor:
        raise CannotCopy(f"The backup is of {manifest['vendor']}, and the site is set up for {connection.vendor}.")
    tell("Bringing the database back.")
    bring_back(backup / DATABASE, replace=replace)
    _refuse_difference(Figures(manifest["rows"], manifest["cents"]), figures())
    tell("Bringing the uploaded files back.")
    _unpack(backup / FILES)
    tell("Migrating, and checking the books.")
    call_command("migrate", verbosity=0)
    _refuse_difference(Figures({}, manifest["cents"]), Figures({}, figures().cents))
    if findings := check_books().findings:
        raise CannotCopy(f"The books that were restored are not right: {'; '.join(findings[:5])}")


def drill(backup: Path, tell: Tell) -> float:
    """Restores a backup beside the site, as after a loss, and throws the result away. Returns the seconds it took.

    Another process does it, with an environment that knows neither the site's database nor its Redis.
    """
    begun = time.monotonic()
    with _elsewhere() as where:
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "restore", str(backup.resolve())]
        env = {name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "REDIS_URL_FILE")}
        env.pop("DATABASE_URL_FILE", None)
        done = subprocess.run(command, env={**env, **where}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotCopy(f"The drill failed: {done.stderr.strip()[-800:]}")
    tell(done.stdout.strip().splitlines()[-1])
    return time.monotonic() - begun


@contextmanager
def _elsewhere() -> Iterator[dict[str, str]]:
    """The environment of a place that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="drill-") as place:
        if connection.vendor == "sqlite":
            yield {"VAR_DIR": place}
            return
        name = f"drill_{clock.now():%Y%m%d_%H%M%S}_{os.getpid()}"
        quoted = connection.ops.quote_name(name)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {quoted} TEMPLATE template0")
        try:
            yield {"VAR_DIR": place, "DATABASE_URL": _address_of(name)}
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {quoted}")


def _address_of(name: str) -> str:
    """DATABASE_URL with another database's name."""
    address, _slash, rest = settings.DATABASE_URL.rpartition("/")
    _old, question, options = rest.partition("?")
    return f"{address}/{name}{question}{options}"


def _manifest(backup: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((backup / MANIFEST).read_text())
        wrong = [name for name, digest in manifest["sha256"].items() if _digest(backup / name) != digest]
    except (OSError, ValueError, KeyError) as error:
        raise CannotCopy(f"{backup} is not a whole backup: {error}. Nothing was touched.") from error
    if wrong:
        raise CannotCopy(f"{', '.join(wrong)} in {backup} is not what was written there. Nothing was touched.")
    return manifest


def _refuse_difference(told: Figures, found: Figures) -> None:
    if differences := told.differences(found):
        raise CannotCopy(f"What was restored is not what the manifest says: {'; '.join(differences[:5])}")


def _pack(target: Path) -> None:
    root = Path(settings.MEDIA_ROOT)
    with tarfile.open(target, "w") as tar:
        for file in sorted(root.rglob("*")) if root.exists() else ():
            # One that was removed meanwhile belongs to no row any more.
            if file.is_file():
                tar.add(file, file.relative_to(root))


def _unpack(source: Path) -> None:
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with tarfile.open(source) as tar:
        tar.extractall(root, filter="data")


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
