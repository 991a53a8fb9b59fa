"""Pages of minors and of people at risk: on no list, without a photo, and findable by nobody who should not."""

import re

import pytest
from django.test import Client

from fundraisers.models import Fundraiser
from fundraisers.services import Refused, change_address, edit_page, set_photo
from tests.factories import a_cart, a_page, a_participant, a_registration, an_event
from tests.fundraisers.people import an_owned_page, owner_of, told
from tests.fundraisers.test_photo import a_photo, files

pytestmark = pytest.mark.django_db


def decide(page: Fundraiser, who: str, **more: str) -> None:
    answer = owner_of(page).post(f"/me/pages/{page.bib}/audience", {"who": who, **more})
    assert answer.status_code == 302, told(answer)[:2000]
    page.refresh_from_db()


def test_protecting_a_page_takes_it_off_the_lists_and_deletes_its_photo(
    client: Client, django_capture_on_commit_callbacks: object
) -> None:
    page = an_owned_page(name="Sofia Marker")
    owner_of(page).post(f"/me/pages/{page.bib}/photo", {"photo": a_photo()})
    page.refresh_from_db()
    picture = f"/r/{page.slug}/photo/{page.photo}-640.webp"
    assert client.get(picture).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        decide(page, "protected")
    assert (page.is_protected, page.is_listed, page.photo) == (True, False, "")
    assert files() == []
    assert client.get(picture).status_code == 404
    shown = told(client.get(f"/r/{page.slug}"))
    assert '<meta name="robots" content="noindex">' in shown
    assert "runner-photo" not in shown
    for path in ("/", "/leaderboard", "/sitemap.xml"):
        assert "Marker" not in told(client.get(path)), path


def test_a_protected_page_takes_no_photo() -> None:
    page = an_owned_page()
    decide(page, "protected")
    answer = owner_of(page).post(f"/me/pages/{page.bib}/photo", {"photo": a_photo()})
    assert answer.status_code == 422
    assert "A protected page shows no photo." in told(answer)
    assert files() == []
    with pytest.raises(Refused):
        set_photo(fundraiser=page, name="abc")


def test_without_a_new_address_the_old_one_stays(client: Client) -> None:
    page = an_owned_page()
    decide(page, "link")
    assert client.get("/r/amina-warsame").status_code == 200


@pytest.mark.parametrize("who", ["link", "protected"])
def test_with_a_new_address_every_old_one_leads_nowhere(who: str, client: Client) -> None:
    page = an_owned_page()
    change_address(fundraiser=page, slug="amina-runs")
    decide(page, who, new_address="on")
    assert re.fullmatch(r"(amina-warsame|runner)-[0-9a-f]{10}", page.slug)
    assert client.get(f"/r/{page.slug}").status_code == 200
    for old in ("/r/amina-warsame", "/r/amina-runs", "/r/amina-runs/give", "/r/amina-runs/qr.svg"):
        assert client.get(old).status_code == 404
    other = a_page(page.event, name="Amina Runs")
    assert other.slug == f"amina-runs-{other.bib}", "nobody else gets it either"


def test_a_page_for_everybody_needs_no_secret_address() -> None:
    page = an_owned_page()
    answer = owner_of(page).post(f"/me/pages/{page.bib}/audience", {"who": "everybody", "new_address": "on"})
    assert answer.status_code == 422


@pytest.mark.parametrize("words", [{}, {"who": ""}, {"who": "friends"}])
def test_an_audience_that_does_not_exist_is_refused(words: dict[str, str]) -> None:
    page = an_owned_page()
    assert owner_of(page).post(f"/me/pages/{page.bib}/audience", words).status_code == 422


def test_a_page_comes_back_to_everybody(client: Client) -> None:
    page = an_owned_page(name="Sofia Marker")
    decide(page, "protected")
    decide(page, "everybody")
    assert (page.is_protected, page.is_listed) == (False, True)
    assert "Sofia" in told(client.get("/leaderboard"))


def test_protecting_a_page_takes_the_name_out_of_its_address_without_being_asked(client: Client) -> None:
    page = an_owned_page()
    edit_page(fundraiser=page, name=page.name, title="Amina Warsame runs the lakes", story="", goal_cents=50_000)
    decide(page, "protected")
    assert re.fullmatch(r"runner-[0-9a-f]{10}", page.slug)
    assert (page.name, page.heading) == ("Amina", "Amina runs for a city without trafficking")
    assert client.get("/r/amina-warsame").status_code == 404
    assert "Warsame" not in told(client.get(f"/r/{page.slug}"))
    slug = page.slug
    decide(page, "protected")
    assert page.slug == slug, "one that is protected already keeps the address it has"


def test_a_protected_page_is_told_no_full_name_again() -> None:
    page = an_owned_page(participant=a_registration().participants.get())
    decide(page, "protected")
    owner = owner_of(page)
    edit, address = f"/me/pages/{page.bib}/edit", f"/me/pages/{page.bib}/address"
    for words in ({"name": "Amina Warsame"}, {"title": "Warsame, Amina runs"}):
        answer = owner.post(edit, {"name": "Night Owl", "title": "", "story": "", "goal": "500"} | words)
        assert answer.status_code == 422
        assert "leave your full name out" in told(answer)
    assert owner.post(address, {"slug": "aminawarsame"}).status_code == 422
    assert owner.post(address, {"slug": "night-owl"}).status_code == 302
    assert owner.post(edit, {"name": "Night Owl", "title": "", "story": "", "goal": "500"}).status_code == 302


def test_the_page_of_somebody_who_signs_up_protected_has_an_address_without_a_name() -> None:
    cart = a_cart()
    person = a_participant(cart, "Mia Warsame", "kids", age=9, page_name="Mia", is_protected=True)
    page = a_page(cart.event, name="Mia", team="", is_listed=False, participant=person)
    assert re.fullmatch(r"runner-[0-9a-f]{10}", page.slug)


def test_a_page_that_is_not_listed_has_an_address_nobody_guesses_from_the_start() -> None:
    page = a_page(an_event(), name="Leyla", is_listed=False)
    assert re.fullmatch(r"leyla-[0-9a-f]{10}", page.slug)
