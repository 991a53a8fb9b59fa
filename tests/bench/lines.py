"""One database's lines, in a process of their own: the settings decide the database when they are read."""

import os


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.test.utils import setup_test_environment

    # What a demo does and production does not: queries kept for debugging, a clock read from a file.
    settings.DEBUG, settings.DEMO_CLOCK = False, ""
    setup_test_environment()
    _print_lines()


def _print_lines() -> None:
    from django.core.management import call_command
    from django.db import connection

    from donations.ledger.models import Ledger
    from tests.bench import boards, books, pages, pictures, posting, webhooks
    from tests.factories import a_page, a_payment, an_event, paid

    call_command("migrate", verbosity=0)
    event = an_event()
    some = [a_page(event, name=f"Runner {number}") for number in range(40)]
    for number in range(60):
        paid(a_payment(some[number % 7], cents=1000 + number))
    print(f"\non {connection.vendor}, {os.cpu_count()} cores; a ratio is only good within its own run")
    print(pages.line(some[0]), flush=True)
    for line in pictures.lines(some):
        print(line, flush=True)
    for line in posting.lines(Ledger.objects.get(code=event.ledger_code)):
        print(line, flush=True)
    print(webhooks.line(event, some), flush=True)
    for line in boards.lines(some[0]):
        print(line, flush=True)
    for figure in books.lines(event):
        print(figure, flush=True)


if __name__ == "__main__":
    main()
