"""Tests talk to this machine only: a socket to another one is refused and remembered."""

import socket
from ipaddress import ip_address
from typing import Any


class NetworkRefusedError(RuntimeError):
    """Not an OSError, which code that expects a bad network would swallow."""


class Guard:
    def __init__(self) -> None:
        self.attempts: list[str] = []

    def install(self) -> None:
        guard = self

        class GuardedSocket(socket.socket):
            def connect(self, address: Any) -> None:
                guard.check(self.family, address)
                super().connect(address)

            def connect_ex(self, address: Any) -> int:
                guard.check(self.family, address)
                return super().connect_ex(address)

        look_up = socket.getaddrinfo

        def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
            if not _is_here(host):
                guard.refuse(host)
            return look_up(host, *args, **kwargs)

        socket.socket = GuardedSocket  # type: ignore[misc]
        socket.getaddrinfo = guarded_look_up

    def check(self, family: int, address: Any) -> None:
        if family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            self.refuse(address[0])

    def refuse(self, host: object) -> None:
        self.attempts.append(str(host))
        raise NetworkRefusedError(f"a test reached for {host}")


def _is_here(host: object) -> bool:
    if host is None or host == "":
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    try:
        address = ip_address(name)
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
    return address.is_loopback or address.is_unspecified
