"""Says in a sentence that a port is taken, before anything is started: `python -m tests.tools.port 8000`."""

import socket
import sys


def taken(port: int) -> bool:
    with socket.socket() as probe:
        # As the servers do: a port that only waits out its last connections is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def free() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(word: str) -> int:
    if not word.isdecimal() or not 1 <= int(word) <= 65535:
        print(f"PORT={word} is not a port; say a number from 1 to 65535.")
        return 1
    if taken(int(word)):
        print(f"Port {word} is in use by another program. Choose another one, like PORT={free()}.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
