"""The style page: every component of the site is on it, and its tokens are as far apart as they must be."""

from pathlib import Path

import pytest
from django.urls import reverse

from accounts.models import Role
from desk.style_samples import DRAWINGS, ELSEWHERE, SAMPLES
from desk.style_tokens import contrast, schemes
from tests.desk.cast import at_desk
from tests.factories import an_event


def test_every_component_is_shown_or_said_where_it_is_seen(repository: Path) -> None:
    partials = {path.stem for path in (repository / "frontend" / "templates" / "components").glob("*.html")}
    shown = {sample.name for sample in SAMPLES}
    assert not shown & ELSEWHERE.keys(), "is it shown, or seen elsewhere?"
    assert partials - shown - ELSEWHERE.keys() == set(), "give it a line in desk/style_samples.py"
    assert (shown | ELSEWHERE.keys()) - partials == set(), "there is no such component any more"


@pytest.mark.django_db
@pytest.mark.parametrize("ground", ["", "paper", "night", "nowhere"])
def test_all_of_them_are_drawn(ground: str) -> None:
    an_event()
    page = at_desk(Role.ORGANIZER).get(reverse("desk_style"), {"on": ground}).content.decode()
    assert page.count('class="specimen"') == len(DRAWINGS) + len(SAMPLES)
    assert page.count('<div class="specimen-picture stack"></div>') == 0
    assert (f'style-ground on-{ground}"' in page) == (ground in ("paper", "night"))


def test_every_token_stands_out_from_its_ground() -> None:
    pairs = [(scheme.title, pair) for scheme in schemes() for pair in scheme.pairs]
    assert len(pairs) == 3 * 29
    weak = [f"{title}: {pair.name} on {pair.ground} is {pair.ratio:.2f}" for title, pair in pairs if not pair.holds]
    assert not weak, "\n".join(weak)


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#fff", "#000000", 21.0), ("#777777", "#ffffff", 4.48), ("#0c1433", "#0c1433", 1.0)]
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
