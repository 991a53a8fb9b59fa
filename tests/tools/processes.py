"""Child processes that surely end: each in its own group, strays found by their parent, the runner dead or alive."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """A process whose parent died becomes a child of this one, so that `end_strays` finds it."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def start(
    command: Sequence[str], *, env: Mapping[str, str], log: Path | None = None, user: str = "", death: str = "TERM"
) -> "subprocess.Popen[bytes]":
    """Starts a program in a process group of its own; it gets the signal `death` when this one dies.

    `user` is another user to run it as; `log` is a file for what it says, instead of our own output.
    """
    as_user = [f"--reuid={user}", f"--regid={user}", "--init-groups"] if user else []
    words = ["/usr/bin/setpriv", *as_user, f"--pdeathsig={death}", "--", *command]
    with contextlib.ExitStack() as stack:
        out = stack.enter_context(log.open("ab")) if log else None
        return subprocess.Popen(
            words,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT if out else None,
            start_new_session=True,
        )


def end(process: "subprocess.Popen[bytes]", *, first: signal.Signals = signal.SIGTERM, patience: float = 15) -> None:
    """Asks the whole group to end, then makes it."""
    for number, seconds in ((first, patience), (signal.SIGKILL, 5)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
            return


def descendants(of: int) -> dict[int, str]:
    """Process id to command line of everything below a process."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name in parentheses may hold blanks; the parent is the second word after it.
            children.setdefault(int(stat.read_text().rpartition(")")[2].split()[1]), []).append(int(stat.parent.name))
    found: dict[int, str] = {}
    waiting = [of]
    while waiting:
        for pid in children.get(waiting.pop(), []):
            waiting.append(pid)
            with contextlib.suppress(OSError):
                words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                found[pid] = words.strip()
    return found


def end_strays(keep: Sequence[int] = ()) -> list[str]:
    """Ends every descendant but `keep` and what is below those; returns what they were."""
    spared = {pid for kept in keep for pid in (kept, *descendants(kept))}

    def strays() -> dict[int, str]:
        found = {pid: words for pid, words in descendants(os.getpid()).items() if pid not in spared}
        for pid in found:
            # The dead that we adopted are ours to collect.
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        # Who is dead has no words any more.
        return {pid: words for pid, words in found.items() if words}

    # Chromium and the like take a moment to follow their parent.
    deadline = time.monotonic() + 3
    while strays() and time.monotonic() < deadline:
        time.sleep(0.1)
    names = sorted(strays().values())
    while left := strays():
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    return names
