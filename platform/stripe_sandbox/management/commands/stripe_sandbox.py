"""Runs the stand-in for Stripe in the foreground."""

import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from stripe_sandbox.sandbox import Sandbox


class Command(BaseCommand):
    help = "Runs a stand-in for Stripe's API on the loopback address. No real money."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=4242)
        parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
        parser.add_argument("--webhook-url", help="where events are sent")
        parser.add_argument("--webhook-secret", default="whsec_sandbox")
        parser.add_argument("--state", metavar="FILE", help="keeps everything over a restart")
        parser.add_argument("--clock", metavar="FILE", help="holds the offset of the demo's time (or DEMO_CLOCK)")
        parser.add_argument("--seed", type=int, help="makes ids repeatable")
        parser.add_argument("--payouts", choices=("manual", "daily"), default="manual", help="pays out every night")
        parser.add_argument("--quiet", action="store_true", help="does not print a line for each request")

    def handle(self, *args: Any, **options: Any) -> None:
        names = ("port", "host", "webhook_url", "webhook_secret", "state", "clock", "seed", "quiet", "payouts")
        try:
            sandbox = Sandbox(**{name: options[name] for name in names})
        except (OSError, ValueError) as error:
            raise CommandError(f"The Stripe sandbox cannot start: {error}") from error

        def end(number: int, frame: FrameType | None) -> None:
            raise SystemExit(0)

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        sandbox.start()
        self.stdout.write(f"Stripe sandbox on {sandbox.url}")
        self.stdout.flush()
        try:
            sandbox.stopped.wait()
        finally:
            sandbox.stop()
