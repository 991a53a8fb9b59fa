from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from events.services import BadEventFile, load_event


class Command(BaseCommand):
    help = "Loads or updates an event from its TOML file, and makes it the current one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--coming", action="store_true", help="move the date to its next return, for a demo")

    def handle(self, *args: Any, file: Path, coming: bool, **options: Any) -> None:
        try:
            event = load_event(file, coming=coming)
        except BadEventFile as error:
            raise CommandError(str(error)) from error
        lanes = ", ".join(beneficiary.name for beneficiary in event.beneficiaries.all())
        self.stdout.write(f"{event.name}, {event.starts_at.astimezone(event.zone):%A, %B %-d, %Y}. For {lanes}.")
