"""Pieces of the race on other sites: they show what lists show, and hold nothing to press but links."""

import re

import pytest
from django.test import Client

from donations.giving.models import Donation
from fundraisers.models import Fundraiser, OldSlug
from fundraisers.services import set_hidden
from teams.models import Team
from tests.factories import a_page, a_payment, paid

pytestmark = pytest.mark.money
ALL = ("/widget/thermometer", "/widget/leaderboard", "/widget/give")


@pytest.fixture
def page(db: None) -> Fundraiser:
    return a_page()


def text_of(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return str(answer.content.decode())


@pytest.mark.parametrize("path", ALL)
def test_a_widget_holds_no_form_no_script_and_no_cookie(path: str, page: Fundraiser) -> None:
    paid(a_payment(page))
    answer = Client().get(path)
    shown = answer.content.decode()
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert not re.findall(r"<(form|input|button|script|iframe)", shown)
    assert answer["Cache-Control"] == "public, no-cache"
    assert answer["ETag"]
    assert "script-src 'none'" in answer["Content-Security-Policy"]
    assert "form-action 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("path", ALL)
def test_what_it_links_to_opens_in_a_window_of_its_own(path: str, page: Fundraiser) -> None:
    links = re.findall(r"<a [^>]*>", text_of(path))
    assert links
    assert all('target="_blank" rel="noopener"' in link and 'href="http' in link for link in links)


def test_the_thermometer_says_how_far_the_race_a_runner_and_a_team_are(page: Fundraiser) -> None:
    paid(a_payment(page))
    assert page.team
    for path in ("", f"/r/{page.slug}", f"/t/{page.team.slug}"):
        shown = text_of(f"/widget/thermometer{path}")
        assert "$50" in shown
        assert "Breaking Free" in shown
    assert f"/r/{page.slug}/give" in text_of(f"/widget/give/r/{page.slug}")
    assert f"/t/{page.team.slug}/give" in text_of(f"/widget/give/t/{page.team.slug}")


def test_the_leaderboard_names_those_in_front_of_the_race_and_of_a_team(page: Fundraiser) -> None:
    other = a_page(page.event, name="Tou Vang", team="Frogtown")
    paid(a_payment(other))
    shown = text_of("/widget/leaderboard")
    assert shown.index("Tou Vang") < shown.index("Amina Warsame")
    assert page.team
    own = text_of(f"/widget/leaderboard/t/{page.team.slug}")
    assert "Amina Warsame" in own
    assert "Tou Vang" not in own


def test_before_the_first_runner_there_is_a_sentence(page: Fundraiser) -> None:
    Fundraiser.objects.all().delete()
    assert "still at the start" in text_of("/widget/leaderboard")


def gone(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 404, path
    shown = answer.content.decode()
    assert "There is nothing to see here" in shown
    assert "Amina" not in shown
    assert "frame-ancestors *" in answer["Content-Security-Policy"], "the browser would show a torn page"


@pytest.mark.parametrize("kind", ["thermometer", "give"])
def test_a_page_that_is_hidden_unlisted_or_protected_cannot_be_embedded(kind: str, page: Fundraiser) -> None:
    path = f"/widget/{kind}/r/{page.slug}"
    text_of(path)
    set_hidden(fundraiser=page, hidden=True)
    gone(path)
    quiet = a_page(page.event, name="Amina Quiet", is_listed=False)
    safe = a_page(page.event, name="Amina Safe", is_listed=False)
    Fundraiser.objects.filter(pk=safe.pk).update(is_protected=True)
    gone(f"/widget/{kind}/r/{quiet.slug}")
    gone(f"/widget/{kind}/r/{safe.slug}")
    assert Client().get(f"/widgets/r/{quiet.slug}").status_code == 404


@pytest.mark.parametrize(
    "path", ["x", "thermometer/r/nobody", "leaderboard/r/amina-warsame", "thermometer/x/amina-warsame"]
)
def test_what_there_is_not_is_a_neutral_card(path: str, page: Fundraiser) -> None:
    gone(f"/widget/{path}")


def test_a_team_that_is_hidden_cannot_be_embedded(page: Fundraiser) -> None:
    Team.objects.update(is_hidden=True)
    assert page.team
    gone(f"/widget/thermometer/t/{page.team.slug}")


def test_an_address_that_the_page_had_goes_on_working_and_names_no_unlisted_page(page: Fundraiser) -> None:
    OldSlug.objects.create(event=page.event, slug="amina", skeleton="x", fundraiser=page)
    assert "Amina Warsame" in text_of("/widget/thermometer/r/amina")
    Fundraiser.objects.update(is_listed=False)
    answer = Client().get("/widget/give/r/amina")
    assert answer.status_code == 404
    assert page.slug.encode() not in answer.content


def test_a_hidden_amount_of_a_gift_stays_hidden(page: Fundraiser) -> None:
    paid(a_payment(page, amount_hidden=True))
    assert Donation.objects.get().name not in text_of("/widget/thermometer")


def test_the_page_that_offers_them_has_the_lines_to_copy(page: Fundraiser) -> None:
    shown = text_of("/widgets")
    for path in ALL:
        assert f"{path}&quot;" in shown
        assert f'src="{path}"' in shown
    assert "&lt;iframe" in shown
    assert "style=" not in shown
    own = text_of(f"/widgets/r/{page.slug}")
    assert f"/widget/thermometer/r/{page.slug}&quot;" in own
    assert "/widget/leaderboard" not in own
