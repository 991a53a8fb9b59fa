"""`make bench`: each line a ratio from one interleaved run, on throw-away databases: SQLite, and PostgreSQL."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.tools import servers

ROOT = Path(__file__).resolve().parent.parent.parent
# Never the database or the Stripe account of whoever measures.
NOT_OURS = ("DATABASE_URL", "REDIS_URL", "STRIPE_SECRET_KEY", "DEBUG")


def main() -> None:
    plain = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in NOT_OURS}
    measure(plain)
    try:
        with servers.postgres() as url, servers.redis() as redis_url:
            measure({**plain, "DATABASE_URL": url, "REDIS_URL": redis_url})
    except FileNotFoundError as error:
        print(f"PostgreSQL and Redis were not measured: {error}")


def measure(env: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        env = {**env, "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}", "VAR_DIR": folder}
        subprocess.run([sys.executable, "-m", "tests.bench.lines"], env=env, cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
