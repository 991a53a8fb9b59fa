from typing import Any

from django.core.management.base import BaseCommand, CommandError

from donations.ledger.models import Ledger
from donations.payments import feed, gateway


class Command(BaseCommand):
    help = "Reads Stripe's balance feed once and posts what is new."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            new = sum(feed.sync(ledger) for ledger in Ledger.objects.all())
        except gateway.Unavailable as error:
            raise CommandError("Stripe could not be asked. What was posted stays; run it again.") from error
        self.stdout.write(f"{new} new balance transactions.")
