from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from operations import backups
from operations.databases import CannotCopy


class Command(BaseCommand):
    help = "Copies the database and the uploaded files of one moment, while the site runs, into a folder of their own."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, default=settings.BACKUP_DIR, help="default: BACKUP_DIR, or var/backups")
        parser.add_argument("--keep", type=int, default=0, metavar="N", help="afterwards remove all but the newest N")

    def handle(self, *args: Any, to: Path, keep: int, **options: Any) -> None:
        try:
            made = backups.take(to, self.stdout.write)
        except (CannotCopy, OSError) as error:
            raise CommandError(f"No backup was made. {error}") from error
        for old in backups.prune(to, keep) if keep > 0 else ():
            self.stdout.write(f"Removed {old}.")
        size = sum(file.stat().st_size for file in made.iterdir())
        self.stdout.write(f"{made} is whole: {size / 1e6:.1f} MB. Keep it where only you can read it.")
