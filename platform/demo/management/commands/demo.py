import signal
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from requests import RequestException
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from accounts.models import Role
from accounts.services import create_person, enroll_demo_totp, grant_role
from common.money import dollars
from demo.around import Around
from demo.campaign import Campaign
from demo.mailbox import sign_in_staff
from demo.office import Office
from demo.script import script
from demo.stage import NotStarted, Stage, clear_files
from demo.visitor import Lost
from donations.bank.queries import agreement
from donations.disbursements.public import public_money
from donations.giving import services, tasks
from donations.giving.checks import check_books
from donations.giving.queries import money_of
from donations.ledger.models import Ledger
from donations.ledger.models import Role as AccountRole
from donations.ledger.queries import balances_of, open_items
from donations.payments import gateway
from donations.payments.models import Payment
from events.models import Event
from events.services import load_event
from fundraisers.models import Fundraiser

EVENT_FILE = settings.BASE_DIR / "platform" / "events" / "files" / "not_in_our_city_5k.toml"
STAFF = {
    "organizer@example.org": [Role.ORGANIZER],
    "treasurer@example.org": [Role.TREASURER],
    "approver@example.org": [Role.APPROVER],
    "moderator@example.org": [Role.MODERATOR],
    "coordinator@example.org": [Role.COORDINATOR],
}
# Who speaks for an organization. The third has yet to confirm what it was paid.
CHARITIES = {
    "breaking-free": "finance@breakingfree.example.org",
    "source": "books@source.example.org",
    "the-link": "office@thelink.example.org",
}


class Command(BaseCommand):
    help = "Plays a campaign through the site's own routes on the Stripe sandbox, checks the books, and serves it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--once", action="store_true", help="end after the check: 0 when all is right")

    def handle(self, *args: Any, port: int, once: bool, **options: Any) -> None:
        if settings.DATABASE_URL:
            raise CommandError("The demo keeps its own SQLite file and deletes it first; unset DATABASE_URL.")
        # Being ended is like Ctrl-C: what was started is ended, too.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        clear_files()
        call_command("migrate", verbosity=0)
        event = load_event(EVENT_FILE, coming=True)
        day = event.starts_at.astimezone(event.zone)
        self.stdout.write(f"{event.name} was on December 9, 2017; the demo moves it to {day:%B %-d, %Y}.")
        for email, roles in STAFF.items():
            self._enroll(email, *roles)
        for slug, email in CHARITIES.items():
            self._enroll(email, Role.CHARITY, slug=slug)
        try:
            with Stage(port) as stage:
                stage.start_all()
                self.stdout.write(f"The site is up: {stage.site}/ . A campaign of 30 days is played on it now.")
                self._play(stage)
                right = self._report(event, stage)
                if not once:
                    self._serve(stage)
        except (Lost, NotStarted, RequestException) as error:
            raise CommandError(f"The demo stopped: {error}") from error
        if not right:
            raise CommandError("The books are not right; the lines above say what is off.")

    @staticmethod
    def _enroll(email: str, *roles: Role, slug: str = "") -> None:
        person = create_person(email=email, name=email.partition("@")[0].title())
        enroll_demo_totp(person)
        for role in roles:
            grant_role(user=person, role=role, beneficiary_slug=slug)

    def _play(self, stage: Stage) -> None:
        days = script()
        organizer, treasurer, approver, *charities = (
            sign_in_staff(stage.site, email)
            for email in [*list(STAFF)[:3], CHARITIES["breaking-free"], CHARITIES["source"]]
        )
        office = Office(stage, treasurer, approver, charities)
        campaign = Campaign(stage, days, organizer, office, Around(stage, organizer))
        total = sum(len(day.households) + len(day.gifts) for day in days)
        console = Console()
        columns = (TextColumn("Playing"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeElapsedColumn())
        with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
            task, done = progress.add_task("play", total=total), 0

            def told(acts: int) -> None:
                nonlocal done
                before, done = done, done + acts
                progress.advance(task, acts)
                if not console.is_terminal and done * 10 // total > before * 10 // total:
                    self.stdout.write(f"Played {done} of {total}.")

            campaign.play(told)

    def _report(self, event: Event, stage: Stage) -> bool:
        """Brings the books up to the present, checks them and says how they stand. True when all is right."""
        tasks.drain_inbox()
        ledger = Ledger.objects.get(code=event.ledger_code)
        services.sweep(ledger)
        report = check_books(with_stripe=True)
        money, booked = money_of(event), balances_of(ledger).of_role(AccountRole.STRIPE)
        at_stripe = gateway.balance_cents(ledger.currency)
        say = self.stdout.write
        for finding in report.findings:
            say(f"wrong: {finding}")
        unexplained = dollars(report.unexplained_cents)
        say(f"\nThe books: {report.entries} entries, {len(report.findings)} findings, {unexplained} unexplained.")
        say(f"stripe:balance {dollars(booked)} in the books, {dollars(at_stripe)} at Stripe's sandbox.")
        bank = agreement(ledger)
        say(f"bank {dollars(bank.booked_cents)} in the books, {dollars(bank.bank_cents or 0)} by the bank's statement.")
        for lane in public_money(event).lanes:
            sums = (lane.owed_cents, lane.paid_cents, lane.confirmed_cents)
            owed, paid, confirmed = map(dollars, sums)
            say(f"{lane.name}: owed {owed}, paid {paid}, of which it confirmed {confirmed}")
        say(f"Have {dollars(money.have_cents)}, need {dollars(money.need_cents)}.")
        say(f"Fee pool {dollars(money.fee_pool_cents)}, suspense {dollars(money.suspense_cents)}.")
        clear = self._explain(ledger, money.waiting_cents)
        self._addresses(event, stage)
        enough = money.have_cents >= money.need_cents
        agreed = booked == at_stripe and bank.difference_cents == 0
        return clear and enough and agreed and not report.findings and not money.suspense_cents

    def _explain(self, ledger: Ledger, cents: int) -> bool:
        """Names each open item of stripe:clearing; all of them must be bank debits that have not cleared yet."""
        debits = {payment.key for payment in Payment.objects.filter(status=Payment.Status.PROCESSING)}
        items = list(open_items(ledger).filter(account__role=AccountRole.CLEARING))
        self.stdout.write(f"stripe:clearing {dollars(cents)}, {len(items)} open:")
        for item in items:
            why = "a bank debit on its way" if item.key in debits else "not explained"
            self.stdout.write(f"  {item.key} {dollars(item.cents)}: {why}")
        return sum(item.cents for item in items) == cents and all(item.key in debits for item in items)

    def _addresses(self, event: Event, stage: Stage) -> None:
        first = Fundraiser.objects.filter(event=event).order_by("-raised_cents").first()
        runner = first.get_absolute_url() if first else "/leaderboard"
        for path in ("/", runner, "/give", "/leaderboard", "/money", "/outbox", "/desk", "/charity"):
            self.stdout.write(f"  {stage.site}{path}")
        self.stdout.write(
            f"Staff: {', '.join(STAFF)}. Organizations: {', '.join(CHARITIES.values())}."
            " The sign-in code is in the outbox, the second factor is 000000."
            " Cards: 4242 4242 4242 4242 pays, 4000 0000 0000 0002 is declined."
        )

    def _serve(self, stage: Stage) -> None:
        self.stdout.write("Serving until Ctrl-C.")
        try:
            while not stage.ended():
                time.sleep(1)
            raise CommandError(f"The demo's {stage.ended()} ended; see {settings.VAR_DIR / (stage.ended() + '.log')}.")
        except KeyboardInterrupt:
            self.stdout.write("Goodbye.")
