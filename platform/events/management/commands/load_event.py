from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from events.services import BadEventFile, edited_at_desk, load_event


class Command(BaseCommand):
    help = "Loads or updates an event from its TOML file, and makes it the current one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--coming", action="store_true", help="move the date to its next return, for a demo")
        parser.add_argument("--home", action="store_true", help="show the file's home page although the desk edited it")

    def handle(self, *args: Any, file: Path, coming: bool, home: bool, **options: Any) -> None:
        try:
            event = load_event(file, coming=coming, home=home)
        except BadEventFile as error:
            raise CommandError(str(error)) from error
        lanes = ", ".join(beneficiary.name for beneficiary in event.beneficiaries.all())
        self.stdout.write(f"{event.name}, {event.starts_at.astimezone(event.zone):%A, %B %-d, %Y}. For {lanes}.")
        if not home and (version := edited_at_desk(event)):
            self.stdout.write(
                f"The home page stays as the desk has it ({version.by}, version {version.number}):"
                " what the file says of it was left out. `--home` shows the file's; both stay in the history."
            )
