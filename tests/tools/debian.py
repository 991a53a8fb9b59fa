"""The programs that the tests drive, from Debian when they are absent and we may install them."""

import os
import shutil
import subprocess
from pathlib import Path

# Part of the run: the programs it needs and the packages they are in.
NEEDS = {
    "postgres": {"initdb": "postgresql-15", "redis-server": "redis-server"},
    "browser": {"chromium": "chromium"},
    "trust": {"initdb": "postgresql-15", "redis-server": "redis-server"},
}
# What a part also uses: installed where that is allowed, and without it the tests that need it say so.
WANTS = {part: {"hledger": "hledger"} for part in ("sqlite", "postgres")}
NO_MAIN_CLUSTER = Path("/etc/postgresql-common/createcluster.d/no-main-cluster.conf")
NO_SERVICE_STARTS = Path("/usr/sbin/policy-rc.d")
_APT = ["apt-get", "--quiet=2", "--option=DPkg::Lock::Timeout=120"]


def program(name: str) -> str:
    """Where a program is, or an empty string. Debian keeps those of PostgreSQL's servers off the path."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: int(place.parent.name), reverse=True)
    search = os.pathsep.join([*map(str, places), os.environ.get("PATH", ""), "/usr/bin", "/usr/sbin"])
    return shutil.which(name, path=search) or ""


def missing(part: str) -> list[str]:
    """The Debian packages without which a part cannot run here."""
    return [package for name, package in NEEDS.get(part, {}).items() if not program(name)]


def wanted(part: str) -> list[str]:
    """The Debian packages that a part can do without, at the price of tests that are skipped."""
    return [package for name, package in WANTS.get(part, {}).items() if not program(name)]


def install(packages: list[str]) -> str:
    """Installs packages without starting or enabling a service; returns why it could not, or an empty string."""
    if os.geteuid() != 0:
        return "only root can install them"
    if not shutil.which("apt-get"):
        return "there is no apt-get here"
    print(f"Installing from Debian: {' '.join(packages)} ...", flush=True)
    NO_MAIN_CLUSTER.parent.mkdir(parents=True, exist_ok=True)
    if not NO_MAIN_CLUSTER.exists():
        NO_MAIN_CLUSTER.write_text("create_main_cluster = false\n")
    guard = not NO_SERVICE_STARTS.exists()
    if guard:
        # Debian's own way to forbid that an installation starts a service.
        NO_SERVICE_STARTS.write_text("#!/bin/sh\nexit 101\n")
        NO_SERVICE_STARTS.chmod(0o755)
    try:
        return _apt("update") or _apt("install", "--yes", "--no-install-recommends", *packages) or _disable(packages)
    finally:
        if guard:
            NO_SERVICE_STARTS.unlink(missing_ok=True)


def _apt(*words: str) -> str:
    done = subprocess.run(
        [*_APT, *words],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stdout, flush=True)
        return f"apt-get {words[0]} failed"
    return ""


def _disable(packages: list[str]) -> str:
    """What we installed shall not start with the machine either; nothing to do where systemd is not."""
    if shutil.which("systemctl"):
        units = [unit for unit in ("postgresql", "redis-server") if any(name.startswith(unit) for name in packages)]
        for unit in units:
            subprocess.run(["systemctl", "--quiet", "disable", unit], check=False, capture_output=True)
    return ""
