"""What was backed up comes back to the cent. What is not as it was written is refused before anything is touched."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from donations.ledger.models import Entry
from operations import backups
from operations.databases import CannotCopy, bring_back
from tests.factories import a_page, a_payment, paid
from tests.tools.fixtures.databases import CommittedDatabase

pytestmark = pytest.mark.money


@pytest.fixture
def made(committed_db: CommittedDatabase, tmp_path: Path, settings: Settings) -> Path:
    """A backup of a site with a gift of $50.00 and a photo."""
    settings.MEDIA_ROOT = tmp_path / "media"
    photo = tmp_path / "media" / "photos" / "a.webp"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"a photo")
    paid(a_payment(a_page(), cents=5_000))
    call_command("backup", to=tmp_path / "backups")
    return backups.newest(tmp_path / "backups")


def rewritten(backup: Path, **more: object) -> None:
    manifest = backup / backups.MANIFEST
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | more))


def test_a_backup_is_restored_beside_the_site_and_its_books_are_right(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = json.loads((made / backups.MANIFEST).read_text())
    assert manifest["cents"]["main stripe:clearing"] == 5_000
    assert manifest["rows"]["ledger_entry"] == Entry.objects.count()
    paid(a_payment(a_page(name="Tou Vang"), cents=700))
    call_command("drill", made)
    assert "its books are right to the cent" in capsys.readouterr().out
    assert Entry.objects.count() > manifest["rows"]["ledger_entry"], "the site went on meanwhile"


def test_only_its_owner_can_read_a_backup(made: Path) -> None:
    assert made.stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in made.iterdir())


def test_one_changed_byte_is_refused_before_anything_is_touched(made: Path) -> None:
    database = made / backups.DATABASE
    content = bytearray(database.read_bytes())
    content[len(content) // 2] ^= 1
    database.write_bytes(content)
    with pytest.raises(CommandError, match=r"database in .* is not what was written there\."):
        call_command("restore", made)


@pytest.mark.parametrize("lost", [backups.DATABASE, backups.FILES, backups.MANIFEST])
def test_half_a_backup_is_refused(made: Path, lost: str) -> None:
    (made / lost).unlink()
    with pytest.raises(CommandError, match="is not a whole backup"):
        call_command("restore", made)


def test_a_backup_of_another_kind_of_database_is_refused(made: Path) -> None:
    rewritten(made, vendor="oracle")
    with pytest.raises(CommandError, match="The backup is of oracle"):
        call_command("restore", made)


def test_a_database_that_is_there_is_not_overwritten(made: Path) -> None:
    with pytest.raises(CannotCopy, match="Stop the site" if connection.vendor == "sqlite" else "is not empty"):
        bring_back(made / backups.DATABASE, replace=False)
    assert Entry.objects.exists()


def test_a_drill_names_the_account_whose_balance_is_not_the_manifest_s(made: Path) -> None:
    cents = json.loads((made / backups.MANIFEST).read_text())["cents"]
    rewritten(made, cents=cents | {"main stripe:clearing": 4_999})
    with pytest.raises(CommandError, match="cents of main stripe:clearing: 4999 and 5000"):
        call_command("drill", made)


def test_the_files_come_back_with_the_database(made: Path, tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "elsewhere"
    backups._unpack(made / backups.FILES)
    assert (tmp_path / "elsewhere" / "photos" / "a.webp").read_bytes() == b"a photo"


def test_a_file_that_is_put_aside_can_be_taken_back(made: Path, committed_db: CommittedDatabase) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps the old database under its own name")
    paid(a_payment(a_page(name="Tou Vang"), cents=700))
    entries = Entry.objects.count()
    bring_back(made / backups.DATABASE, replace=True)
    assert Entry.objects.count() < entries
    [aside] = Path(committed_db.name).parent.glob("*.before-*")
    connection.close()
    aside.rename(committed_db.name)
    assert Entry.objects.count() == entries


def test_of_many_backups_the_newest_are_kept(tmp_path: Path) -> None:
    for day in range(1, 6):
        (tmp_path / f"backup-2026120{day}T000000Z").mkdir()
    backups.prune(tmp_path, keep=2)
    assert [path.name[-10:-8] for path in sorted(tmp_path.iterdir())] == ["04", "05"]


def test_a_backup_that_fails_leaves_nothing_that_looks_like_one(
    committed_db: CommittedDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "_pack", full)
    with pytest.raises(CommandError, match=r"No backup was made\. .*No space left"):
        call_command("backup", to=tmp_path)
    assert not list(tmp_path.iterdir())
