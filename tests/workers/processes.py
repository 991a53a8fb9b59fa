"""The site's own processes, as production starts them: commands, workers, web servers. Each is ended by its own id."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.tools import port, processes
from tests.tools.fixtures.databases import ROOT

SECONDS = 30


@dataclass
class Running:
    """A program of the site, and what it has said so far."""

    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text()

    def mails(self) -> list[str]:
        """Each mail that this process handed to the mail server, as the demo's backend says it."""
        # Celery puts its own words before each line.
        return [line[line.index("mail to ") :] for line in self.said.splitlines() if "mail to " in line]

    def kill(self) -> None:
        """As the kernel does when memory is short: nobody gets to tidy up."""
        self.process.kill()
        self.process.wait(SECONDS)


def manage(env: Mapping[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    """A command, from its start to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextmanager
def running(env: Mapping[str, str], log: Path, *words: str) -> Iterator[Running]:
    program = Running(processes.start([sys.executable, *words], env=env, log=log), log)
    try:
        yield program
    finally:
        processes.end(program.process)


@contextmanager
def working(env: Mapping[str, str], log: Path) -> Iterator[Running]:
    """`manage.py work`."""
    with running(env, log, str(ROOT / "manage.py"), "work") as worker:
        yield worker


@contextmanager
def celery(env: Mapping[str, str], log: Path) -> Iterator[Running]:
    """A Celery worker that has said it is ready."""
    words = [
        "-m",
        "celery",
        "-A",
        "config",
        "worker",
        "-P",
        "solo",
        "-l",
        "INFO",
        "--without-gossip",
        "--without-mingle",
    ]
    with running(env, log, *words, "-n", f"{log.stem}@%h") as worker:
        wait_for(lambda: " ready." in worker.said, "the Celery worker is ready", worker)
        yield worker


@contextmanager
def serving(env: Mapping[str, str], log: Path) -> Iterator[str]:
    """The site behind gunicorn, in a process of its own; gives its address."""
    number = port.free()
    url = f"http://localhost:{number}"
    words = ["-m", "gunicorn", "config.wsgi", "--chdir", str(ROOT), "--bind", f"localhost:{number}"]
    with running({**env, "SITE_URL": url}, log, *words, "--threads", "4") as server:
        wait_for(lambda: "Listening at" in server.said, "gunicorn listens", server)
        with urllib.request.urlopen(f"{url}/help", timeout=SECONDS) as answer:
            assert answer.status == 200
        yield url


def wait_for(true: Callable[[], object], what: str, program: Running | None = None, seconds: float = SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        said = program.said[-3000:] if program else ""
        assert not program or program.process.poll() is None, f"it ended before {what}:\n{said}"
        assert time.monotonic() < deadline, f"waited {seconds} s in vain until {what}\n{said}"
        time.sleep(0.05)


def last_json(text: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(text.strip().splitlines()[-1])
    return found
