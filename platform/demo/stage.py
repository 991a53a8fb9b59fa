"""The processes of the demo: the sandbox, the site and its worker, on fresh files."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import requests
from django.conf import settings

STARTED_WITHIN_SECONDS = 40


class NotStarted(Exception):
    """A process of the demo ended or did not answer; the message says which."""


class Stage:
    """Starts what is wanted and ends just that, whatever happens."""

    def __init__(self, port: int) -> None:
        self.site = f"http://localhost:{port}"
        self.sandbox = settings.STRIPE_API_BASE
        self.port = port
        self.processes: list[subprocess.Popen[bytes]] = []
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(settings.BASE_DIR / "platform"),
            "SITE_URL": self.site,
            "DEMO_CLOCK": settings.DEMO_CLOCK,
        }

    def __enter__(self) -> "Stage":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start_all(self) -> None:
        host, port = self.sandbox.removeprefix("http://").split(":")
        for name, taken in (("site", self.port), ("sandbox", int(port))):
            _refuse_a_taken_port(name, taken)
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
        webhook = ["--webhook-url", f"http://127.0.0.1:{self.port}/stripe/webhook"]
        state = ["--state", str(settings.VAR_DIR / "sandbox.sqlite3"), "--quiet"]
        secret = ["--webhook-secret", settings.STRIPE_WEBHOOK_SECRET]
        self._start("sandbox", [*manage, "stripe_sandbox", "--host", host, "--port", port, *webhook, *secret, *state])
        server = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        self._start("site", [*server, "--worker-class", "gthread", "--threads", "8", "--log-level", "warning"])
        self._start("work", [*manage, "work"])
        self._wait_for("sandbox", f"{self.sandbox}/_sandbox/health")
        self._wait_for("site", f"{self.site}/")

    def _start(self, name: str, command: list[str]) -> None:
        with (settings.VAR_DIR / f"{name}.log").open("wb") as log:
            self.processes.append(
                subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, cwd=settings.BASE_DIR)
            )

    def _wait_for(self, name: str, url: str) -> None:
        deadline = time.monotonic() + STARTED_WITHIN_SECONDS
        while time.monotonic() < deadline and all(process.poll() is None for process in self.processes):
            try:
                if requests.get(url, timeout=20).ok:
                    return
            except requests.ConnectionError:
                time.sleep(0.1)
        log = (settings.VAR_DIR / f"{name}.log").read_text(errors="replace")[-2000:]
        raise NotStarted(f"the demo's {name} did not start at {url}. Is its port taken? It said:\n{log}")

    def set_time(self, seconds: float) -> None:
        """Moves the clock that site and sandbox share to `seconds` from now (negative: the past)."""
        requests.post(f"{self.sandbox}/_sandbox/time", json={"offset": seconds}, timeout=30).raise_for_status()

    def deliver(self) -> None:
        """Waits until the sandbox has sent its webhooks."""
        requests.post(f"{self.sandbox}/_sandbox/deliver", json={"timeout": 20}, timeout=30).raise_for_status()

    def ended(self) -> str:
        """The name of a process that ended, or nothing while all are there."""
        names = ("sandbox", "site", "work")
        return next(
            (name for name, process in zip(names, self.processes, strict=True) if process.poll() is not None), ""
        )


def _refuse_a_taken_port(name: str, port: int) -> None:
    """Another server there would answer in our place: perhaps the demo of another window."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise NotStarted(f"port {port}, which the {name} wants, is taken. Is another demo running?") from error


def clear_files() -> None:
    """A demo begins clean: its database, its sandbox's state, its clock and its uploads are removed."""
    for name in ("demo.sqlite3", "sandbox.sqlite3"):
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{settings.VAR_DIR / name}{suffix}").unlink(missing_ok=True)
    Path(settings.DEMO_CLOCK).unlink(missing_ok=True)
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
