"""One press hides a page, and it is gone from every address of ours: kept pages, files, lists and forms."""

import pytest
from django.test import Client

from accounts.models import Role
from fundraisers.cards import runner_card
from fundraisers.models import Fundraiser
from fundraisers.services import change_address, post_update
from tests.desk.cast import at_desk
from tests.factories import a_payment, paid
from tests.fundraisers.people import an_owned_page, owner_of, told
from tests.fundraisers.test_photo import a_photo

pytestmark = [pytest.mark.money, pytest.mark.django_db]

LISTS = ("/", "/leaderboard", "/teams", "/t/north-loop", "/sitemap.xml", "/robots.txt", "/money")


@pytest.fixture
def page() -> Fundraiser:
    """A page that has everything."""
    page = an_owned_page(name="Sofia Marker")
    change_address(fundraiser=page, slug="sofia-marker-runs")
    post_update(fundraiser=page, text="Marker of the news")
    assert owner_of(page).post(f"/me/pages/{page.bib}/photo", {"photo": a_photo()}).status_code == 302
    payment = a_payment(page, message="Marker of a gift")
    paid(payment)
    page.refresh_from_db()
    return page


def addresses(page: Fundraiser) -> list[str]:
    lanes = list(page.event.beneficiaries.all())
    card = runner_card(page, page.event, lanes).digest
    here = f"/r/{page.slug}"
    files = [f"/card/{card}.jpg", "/qr.svg", "/sheet-a4.pdf", "/sheet-letter.pdf"]
    files += [f"/photo/{page.photo}-{width}.webp" for width in (1200, 640, 160)]
    return [here, *(here + rest for rest in ("/give", "/updates", "/report", *files)), "/r/sofia-marker"]


def test_it_is_gone_from_every_address_at_once_and_back_with_one_press(page: Fundraiser, client: Client) -> None:
    known = addresses(page)
    before = {path: client.get(path).status_code for path in known}
    assert set(before.values()) <= {200, 302}, before
    etags = {path: client.get(path).headers.get("ETag", '"x"') for path in known}
    assert "Sofia" in told(client.get("/"))
    owner_of(page).post(f"/me/pages/{page.bib}/hide", {"hidden": "1"})
    for path in known:
        assert client.get(path).status_code == 404, path
        again = client.get(path, headers={"If-None-Match": etags[path]})
        assert again.status_code == 404, f"{path}: who kept a copy is not told that it is still good"
    for path in LISTS:
        answer = client.get(path)
        assert "Sofia" not in told(answer), path
        assert "sofia" not in told(answer), path
    owner_of(page).post(f"/me/pages/{page.bib}/hide", {"hidden": "0"})
    assert {path: client.get(path).status_code for path in known} == before


def test_the_desk_hides_with_one_press_and_only_the_desk_shows_again(page: Fundraiser, client: Client) -> None:
    desk = at_desk(Role.MODERATOR)
    desk.post(f"/desk/runners/{page.pk}/hide", {"hidden": "1"})
    assert client.get(f"/r/{page.slug}").status_code == 404
    owner = owner_of(page)
    assert "The organizers have hidden this page" in told(owner.get(f"/me/pages/{page.bib}"))
    owner.post(f"/me/pages/{page.bib}/hide", {"hidden": "0"})
    owner.post(f"/me/pages/{page.bib}/hide", {"hidden": "1"})
    page.refresh_from_db()
    assert (page.is_hidden, page.hidden_by) == (True, "staff")
    desk.post(f"/desk/runners/{page.pk}/hide", {"hidden": "0"})
    assert client.get(f"/r/{page.slug}").status_code == 200


def test_the_desk_shows_what_its_owner_hid(page: Fundraiser, client: Client) -> None:
    owner_of(page).post(f"/me/pages/{page.bib}/hide", {"hidden": "1"})
    at_desk(Role.ORGANIZER).post(f"/desk/runners/{page.pk}/hide", {"hidden": "0"})
    page.refresh_from_db()
    assert (page.is_hidden, page.hidden_by) == (False, "")


@pytest.mark.parametrize("words", [{}, {"hidden": ""}, {"hidden": "yes"}])
def test_a_form_that_does_not_say_which_does_nothing(words: dict[str, str], page: Fundraiser) -> None:
    assert owner_of(page).post(f"/me/pages/{page.bib}/hide", words).status_code == 400
    page.refresh_from_db()
    assert not page.is_hidden


def test_the_money_stays_where_it_is(page: Fundraiser) -> None:
    raised = page.raised_cents
    owner_of(page).post(f"/me/pages/{page.bib}/hide", {"hidden": "1"})
    page.refresh_from_db()
    assert page.raised_cents == raised > 0
    page.event.refresh_from_db()
    assert page.event.raised_cents == raised
