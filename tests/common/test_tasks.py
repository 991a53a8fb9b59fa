"""One bad row stops no other."""

import pytest

from common.tasks import each


def test_a_row_that_fails_is_logged_and_the_others_are_done(caplog: pytest.LogCaptureFixture) -> None:
    done = []

    def work(number: int) -> None:
        done.append(12 // number)

    each([3, 0, 4], work)
    assert done == [4, 3]
    assert "background work failed for 0" in caplog.text
