"""Private servers for the tests: on free ports, in a folder of their own, gone afterwards."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.tools import port, processes
from tests.tools.debian import program


class ServerError(Exception):
    """A server did not start; the message ends with what it said."""


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A new folder that every user may pass through: PostgreSQL refuses to run as root, and not-root needs a way in."""
    path = Path(tempfile.mkdtemp(prefix="tests-"))
    path.chmod(0o711)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A fresh PostgreSQL; gives its DATABASE_URL."""
    user = "postgres" if os.geteuid() == 0 else ""
    with folder() as place:
        home = place / "postgres"
        home.mkdir(0o700)
        if user:
            shutil.chown(home, user, user)
        _initdb(home / "data", user)
        number = port.free()
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(number),
            "unix_socket_directories": str(home),
            "max_connections": "200",
            # Nothing here outlives the tests; a killed server still finds its pages in the kernel's cache.
            "fsync": "off",
        }
        words = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
        # An interrupt is PostgreSQL's fast shutdown: it breaks the connections off instead of waiting for them.
        process = processes.start(
            [program("postgres"), "-D", str(home / "data"), *words],
            env=_plain(home),
            log=place / "postgres.log",
            user=user,
            death="INT",
        )
        try:
            ready = [program("pg_isready"), "--quiet", "--host=127.0.0.1", f"--port={number}"]
            _wait(process, lambda: subprocess.run(ready, check=False).returncode == 0, place / "postgres.log")
            yield f"postgres://postgres@127.0.0.1:{number}/postgres"
        finally:
            processes.end(process, first=signal.SIGINT)


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A fresh Redis that keeps nothing on the disk; gives its REDIS_URL."""
    with folder() as place:
        number = port.free()
        words = ["--bind", "127.0.0.1", "--port", str(number), "--save", "", "--appendonly", "no", "--dir", str(place)]
        process = processes.start([program("redis-server"), *words], env=_plain(place), log=place / "redis.log")
        try:
            _wait(process, lambda: _pong(number), place / "redis.log")
            yield f"redis://127.0.0.1:{number}/0"
        finally:
            processes.end(process)


def _plain(home: Path) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _initdb(data: Path, user: str) -> None:
    log = data.parent.parent / "initdb.log"
    words = ["-D", str(data), "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    process = processes.start([program("initdb"), *words], env=_plain(data.parent), log=log, user=user)
    try:
        if process.wait(120):
            raise ServerError(f"initdb: {log.read_text()}")
    finally:
        processes.end(process)


def _pong(number: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", number), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(7).startswith(b"+PONG")
    except OSError:
        return False


def _wait(process: "subprocess.Popen[bytes]", ready: Callable[[], bool], log: Path, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise ServerError(f"{log.stem} does not answer: {log.read_text()[-2000:]}")
        time.sleep(0.05)
