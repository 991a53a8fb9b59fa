import argparse
from typing import Any

from django.core.management.base import BaseCommand

from common.privacy import Ending
from people.retention import due, retain


class Command(BaseCommand):
    help = "Ends what has been kept long enough; the daily task does the same. --dry-run counts and changes nothing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            for ending, count in due():
                self.stdout.write(f"{count:>8} {ending.what}")
            return
        self.stdout.write(f"{retain(self._tell)} rows ended")

    def _tell(self, ending: Ending, done: int) -> None:
        self.stdout.write(f"{done:>8} {ending.what}")
