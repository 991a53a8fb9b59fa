"""What a photo costs the server, honest or not: measured in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.images import bombs
from tests.images.photos import a_photo, a_picture, saved

MIB = 2**20


@dataclass(frozen=True)
class Cost:
    said: str
    seconds: float
    grown: int
    peak: int


Measure = Callable[[dict[str, bytes]], dict[str, Cost]]


@pytest.fixture
def cost(tmp_path: Path, repository: Path) -> Measure:
    """Measures files; a small photo before them warms the process up."""

    def measured(files: dict[str, bytes]) -> dict[str, Cost]:
        names = []
        for number, data in enumerate([saved(a_picture(640, 480)), *files.values()]):
            names.append(str(tmp_path / f"{number}.photo"))
            Path(names[-1]).write_bytes(data)
        env = {**os.environ, "PYTHONPATH": f"{repository / 'platform'}{os.pathsep}{repository}"}
        command = [sys.executable, "-m", "tests.images.measure", *names]
        done = subprocess.run(command, env=env, cwd=repository, capture_output=True, text=True, check=True)
        found = {name: Cost(**row) for name, row in zip(files, json.loads(done.stdout), strict=True)}
        for name, one in found.items():
            print(f"{name:<45} {one.seconds:6.3f} s, +{one.grown / MIB:5.1f} MiB: {one.said or 'taken'}")
        return found

    return measured


@pytest.mark.parametrize("progressive", [False, True])
def test_a_photo_of_12_megapixels_takes_half_a_second_and_100_megabytes(progressive: bool, cost: Measure) -> None:
    photo = saved(a_photo(4000, 3000), quality=88, progressive=progressive)
    found = cost({str(n): photo for n in range(3)})
    assert {one.said for one in found.values()} == {""}
    assert min(one.seconds for one in found.values()) < 0.5
    assert max(one.peak for one in found.values()) < 100_000_000


def test_bombs_are_refused_before_they_unfold(cost: Measure) -> None:
    files = bombs.refused()
    assert len(files) >= 12
    found = cost(files)
    assert [name for name, one in found.items() if not one.said] == []
    assert {name: one.seconds for name, one in found.items() if one.seconds > 0.5} == {}
    assert sum(one.grown for one in found.values()) < 64 * MIB, found


def test_a_bomb_beside_honest_pixels_is_left_out_and_the_photo_taken(cost: Measure) -> None:
    found = cost(bombs.disarmed())
    assert {one.said for one in found.values()} == {""}
    assert {name: one.seconds for name, one in found.items() if one.seconds > 0.5} == {}
    assert sum(one.grown for one in found.values()) < 64 * MIB, found
