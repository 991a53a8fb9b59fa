"""`make test` and `make check`: runs the parts named, in order, and ends whatever it started.

python -m tests.tools.run check sqlite postgres browser
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NoReturn

from tests.tools import debian, processes, servers

ROOT = Path(__file__).resolve().parent.parent.parent
EVERY_TIME = ("check", "sqlite", "postgres", "browser")
PARTS = (*EVERY_TIME, "trust")
STEP_SECONDS, TRUST_SECONDS = 1800, 12 * 3600
# The product's own variables: the tests decide them, not the shell of whoever runs the tests.
OURS = [
    *("DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL", "REDIS_URL", "DEMO_CLOCK", "VAR_DIR"),
    *("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_API_BASE"),
    *("EMAIL_URL", "DEFAULT_FROM_EMAIL", "SENTRY_DSN", "METRICS_TOKEN", "BACKUP_DIR"),
]

PYTHON = (sys.executable,)
CHECKS = {
    "format": (*PYTHON, "-m", "ruff", "format", "--check", "--output-format", "concise", "."),
    "lint": (*PYTHON, "-m", "ruff", "check", "--output-format", "concise", "."),
    "types": (*PYTHON, "-m", "mypy"),
    "contracts": (*PYTHON, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-logo"),
    "migrations": (*PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"),
}
WORKERS = str(min(8, len(os.sched_getaffinity(0))))
TESTS = {
    "sqlite": (*PYTHON, "-m", "pytest", "-n", WORKERS, "-m", "not postgres and not browser"),
    "postgres": (*PYTHON, "-m", "pytest", "-n", WORKERS, "-m", "(money or postgres) and not browser"),
    "browser": (*PYTHON, "-m", "pytest", "-m", "browser"),
}
# `make trust`: the tests by seeds again, with very many of them, on both databases.
TRUST = (*PYTHON, "-m", "pytest", "-n", WORKERS, "-m", "trust", "-o", "faulthandler_timeout=0")
MANY = {"HYPOTHESIS_PROFILE": "long", "TRUST_SEEDS": "1000", "TRUST_EVENTS": "10000", "TRUST_MAILS": "10000"}


class Stopped(BaseException):
    """A signal asked us to end; not an Exception, so that nothing on the way takes it for a failure."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@dataclass
class Run:
    env: Mapping[str, str]
    results: list[tuple[str, float, str]] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return any(result != "ok" for _name, _seconds, result in self.results)

    def note(self, name: str, result: str, seconds: float = 0) -> None:
        self.results.append((name, seconds, result))
        if result != "ok":
            print(f"--- {name}: {result}", flush=True)

    def step(self, name: str, command: tuple[str, ...], **extra: str) -> None:
        """Runs one program with its output on ours, then ends what it left behind."""
        print(f"\n--- {name}", flush=True)
        begun = time.monotonic()
        limit = TRUST_SECONDS if name.startswith("trust") else STEP_SECONDS
        kept = list(processes.descendants(os.getpid()))
        process = processes.start(command, env={**self.env, **extra})
        try:
            code = process.wait(limit)
            result = "ok" if code == 0 else f"failed (exit {code})"
        except subprocess.TimeoutExpired:
            result = f"stopped after {limit} s"
        finally:
            # pytest takes an interrupt as the wish to tear its fixtures down.
            processes.end(process, first=signal.SIGINT)
        for words in processes.end_strays(kept):
            print(f"{name} left this running, now ended: {words[:200]}", flush=True)
        self.note(name, result, time.monotonic() - begun)

    def part(self, name: str) -> None:
        if name == "check":
            for step, command in CHECKS.items():
                self.step(step, command)
        elif name == "postgres":
            with servers.postgres() as database_url, servers.redis() as redis_url:
                self.step(name, TESTS[name], DATABASE_URL=database_url, REDIS_URL=redis_url)
        elif name == "trust":
            many = {name: os.environ.get(name, much) for name, much in MANY.items()}
            self.step("trust, sqlite", TRUST, **many)
            with servers.postgres() as database_url, servers.redis() as redis_url:
                self.step("trust, postgres", TRUST, DATABASE_URL=database_url, REDIS_URL=redis_url, **many)
        else:
            self.step(name, TESTS[name])

    def summary(self) -> None:
        print("\n--- summary")
        for name, seconds, result in self.results:
            print(f"{name:<16}{seconds:>7.1f} s  {result}")
        total = sum(seconds for _name, seconds, _result in self.results)
        print(f"{'all':<16}{total:>7.1f} s  {'FAILED' if self.failed else 'ok'}", flush=True)


def main(words: list[str]) -> int:
    parts = [part for word in words for part in word.replace(",", " ").split()] or list(EVERY_TIME)
    if unknown := [part for part in parts if part not in PARTS]:
        print(f"There is no part {' '.join(unknown)}; say some of: {' '.join(PARTS)}.")
        return 2
    with stopping(), servers.folder() as var:
        run = Run(environment(var))
        ready = prepare(run, [part for part in PARTS if part in parts])
        for part in ready:
            try:
                run.part(part)
            except servers.ServerError as error:
                run.note(part, f"its servers did not start: {error}")
        run.summary()
    return int(run.failed)


def prepare(run: Run, parts: list[str]) -> list[str]:
    """Installs what the parts need where that is allowed; returns those that can run, and fails the others by name."""
    needed = sorted({package for part in parts for package in (*debian.missing(part), *debian.wanted(part))})
    why = debian.install(needed) if needed else ""
    for part in parts:
        if absent := debian.missing(part):
            others = " ".join(each for each in parts if not debian.missing(each))
            run.note(part, f"cannot run without {', '.join(absent)} ({why}); leave it out with PARTS='{others}'")
    return [part for part in parts if not debian.missing(part)]


def environment(var: Path) -> dict[str, str]:
    unwanted = {*OURS, *(f"{name}_FILE" for name in OURS)}
    env = {name: value for name, value in os.environ.items() if name not in unwanted}
    if not sys.stdout.isatty():
        env["NO_COLOR"] = "1"
    return {
        **env,
        "PYTHONPATH": str(ROOT / "platform"),
        "PYTHONUNBUFFERED": "1",
        "VAR_DIR": str(var),
        "PYTEST_DEBUG_TEMPROOT": str(var),
    }


@contextlib.contextmanager
def stopping() -> Iterator[None]:
    """Signals end the run in order: servers and strays first, then we, with the shell's exit code for the signal."""

    def stop(number: int, _frame: FrameType | None) -> NoReturn:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(number)

    processes.adopt_orphans()
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, stop)
    try:
        yield
    except Stopped as stopped:
        processes.end_strays()
        print(f"\nStopped by {signal.Signals(stopped.number).name}.", flush=True)
        raise SystemExit(128 + stopped.number) from None
    finally:
        processes.end_strays()


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
