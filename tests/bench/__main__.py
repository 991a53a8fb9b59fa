"""`make bench`: each line a ratio from one interleaved run, on a throw-away SQLite file or DATABASE_URL's server."""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> None:
    sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "VAR_DIR": folder, "DEMO_CLOCK": f"{folder}/clock"}
        import django

        django.setup()
        from django.conf import settings
        from django.test.utils import setup_test_environment

        # What DEBUG keeps (every query, templates read anew) is not what is served.
        settings.DEBUG = False
        setup_test_environment()
        run()


def run() -> None:
    from django.core.management import call_command
    from django.db import connection

    from tests.bench import pages, posting, webhooks
    from tests.factories import a_page, a_payment, an_event, paid

    call_command("migrate", verbosity=0)
    event = an_event()
    some = [a_page(event, name=f"Runner {number}") for number in range(40)]
    for number in range(60):
        paid(a_payment(some[number % 7], cents=1000 + number))
    from donations.ledger.models import Ledger

    print(f"on {connection.vendor}, {os.cpu_count()} cores; a ratio is only good within its own run")
    print(pages.line(some[0]), flush=True)
    for line in posting.lines(Ledger.objects.get(code=event.ledger_code)):
        print(line, flush=True)
    print(webhooks.line(event, some), flush=True)


if __name__ == "__main__":
    main()
