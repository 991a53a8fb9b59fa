import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.money import dollars
from donations.giving.checks import Report, check_books
from donations.payments import gateway


class Command(BaseCommand):
    help = "Recomputes the books from their entries and names the rows that are wrong. Exit 0 when all is right."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="machine-readable")
        parser.add_argument("--offline", action="store_true", help="do not compare with Stripe's own balance")

        parser.add_argument(
            "--rows", action="store_true", help="compare every row of Stripe's feed, from its beginning"
        )

    def handle(self, *args: Any, offline: bool, rows: bool, **options: Any) -> None:
        compared, report = not offline, Report()
        try:
            report = check_books(with_stripe=compared, every_row=rows)
        except gateway.Unavailable:
            compared = False
            report = check_books()
        if options["json"]:
            self.stdout.write(json.dumps({**asdict(report), "compared_with_stripe": compared}))
        else:
            self._print(report, compared)
        if report.findings:
            raise CommandError(f"{len(report.findings)} findings")

    def _print(self, report: Report, compared: bool) -> None:
        for finding in report.findings:
            self.stdout.write(f"wrong: {finding}")
        with_stripe = "Stripe's balance agrees" if compared and not report.findings else "Stripe was not asked"
        if report.findings and compared:
            with_stripe = "Stripe was asked"
        self.stdout.write(
            f"{report.entries} entries checked, {len(report.findings)} findings,"
            f" {dollars(report.unexplained_cents)} unexplained. {with_stripe}."
        )
