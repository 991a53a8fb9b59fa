from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from operations import backups
from operations.databases import CannotCopy


class Command(BaseCommand):
    help = "Restores a backup into a place that is thrown away, and says how long the site would be gone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", type=Path, nargs="?", help="default: the newest in BACKUP_DIR")

    def handle(self, *args: Any, backup: Path | None, **options: Any) -> None:
        try:
            chosen = backup or backups.newest(settings.BACKUP_DIR)
            seconds = backups.drill(chosen, self.stdout.write)
        except (CannotCopy, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The drill of {chosen} took {seconds:.1f} s.")
