from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from donations.giving import services
from donations.ledger.models import Ledger
from donations.payments import gateway


class Command(BaseCommand):
    help = "Asks Stripe for every open payment and open item once, and settles what it says."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="also those younger than two minutes")

    def handle(self, *args: Any, **options: Any) -> None:
        age = timedelta(0) if options["all"] else timedelta(minutes=2)
        try:
            asked = sum(services.sweep(ledger, age) for ledger in Ledger.objects.all())
        except gateway.Unavailable as error:
            raise CommandError("Stripe could not be asked. What was settled stays; run it again.") from error
        self.stdout.write(f"{asked} open objects asked for.")
