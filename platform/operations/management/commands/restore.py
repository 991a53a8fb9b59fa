from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from operations import backups
from operations.databases import CannotCopy


class Command(BaseCommand):
    help = "Brings a backup back, migrates it, and checks that the books are those of the backup. Stop the site first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", type=Path)
        parser.add_argument("--replace", action="store_true", help="put the SQLite file that is there aside")

    def handle(self, *args: Any, backup: Path, replace: bool, **options: Any) -> None:
        try:
            backups.restore(backup, replace=replace, tell=self.stdout.write)
        except (CannotCopy, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{backup} is back, and its books are right to the cent. Ask Stripe next: manage.py sweep --all"
        )
