"""Addresses of pages: chosen, kept when given up, and never one that looks like another's."""

from itertools import islice, product

import pytest
from django.test import Client

from fundraisers.models import Fundraiser, OldSlug
from fundraisers.services import Refused, change_address, create_fundraiser, set_hidden
from fundraisers.slugs import look_of
from tests.factories import a_page, an_event
from tests.fundraisers.people import an_owned_page, owner_of, told

pytestmark = pytest.mark.django_db

ALIKE = {
    "o": ("o", "0"),
    "0": ("0", "o"),
    "i": ("i", "l", "1"),
    "l": ("l", "1", "i"),
    "m": ("m", "rn"),
    "w": ("w", "vv"),
    "d": ("d", "cl"),
    "s": ("s", "5"),
    "b": ("b", "8"),
    "z": ("z", "2"),
    "g": ("g", "9"),
}


def look_alikes(slug: str) -> list[str]:
    """Addresses that an eye takes for this one: letters that pass for others, hyphens left out or put elsewhere."""
    letters = [ALIKE.get(letter, (letter, f"-{letter}") if place else (letter,)) for place, letter in enumerate(slug)]
    bare = [ALIKE.get(letter, (letter,)) for letter in slug.replace("-", "")]
    found = ("".join(parts) for choices in (letters, bare) for parts in islice(product(*choices), 2000))
    return sorted({each for each in found if each != slug and "--" not in each and len(each) <= 60})


def test_500_look_alikes_of_a_live_address_are_refused() -> None:
    live = an_owned_page(name="Willow Sims-Baldomir")
    thief = an_owned_page(live.event, "thief@example.org", name="Otto Other")
    tried = look_alikes(live.slug)[:: max(len(look_alikes(live.slug)) // 500, 1)][:500]
    assert len(set(tried)) == 500
    taken = [slug for slug in tried if _takes(thief, slug)]
    assert taken == [], f"{len(taken)} of {len(tried)}"


def test_look_alikes_of_an_address_that_was_given_up_are_refused() -> None:
    page = an_owned_page(name="Willow Sims")
    change_address(fundraiser=page, slug="running-willow")
    thief = an_owned_page(page.event, "thief@example.org", name="Otto Other")
    assert [slug for slug in ["willow-sims", *look_alikes("willow-sims")[:100]] if _takes(thief, slug)] == []


def _takes(page: Fundraiser, slug: str) -> bool:
    try:
        change_address(fundraiser=page, slug=slug)
    except Refused:
        return False
    return True


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("admin", "kept for the site itself"),
        ("adm1n", "kept for the site itself"),
        ("d0nate", "kept for the site itself"),
        ("supp0rt", "kept for the site itself"),
        ("help", "kept for the site itself"),
        ("breaking-free", "the name of the race or of an organization"),
        ("break1ngfree", "the name of the race or of an organization"),
        ("not-in-our-city-5k", "the name of the race or of an organization"),
        ("ab", "has 3 to 60 characters"),
        ("x" * 61, "has 3 to 60 characters"),
        ("amina--runs", "single hyphens"),
        ("-amina", "single hyphens"),
        ("amina_runs", "single hyphens"),
        ("amina runs", "single hyphens"),
        ("\u0430mina", "single hyphens"),
        ("\uff41mina", "single hyphens"),
        ("amina\u200b", "single hyphens"),
        ("../etc", "single hyphens"),
        ("a/b", "single hyphens"),
    ],
)
def test_what_no_page_may_be_called(slug: str, sentence: str) -> None:
    page = an_owned_page()
    answer = owner_of(page).post(f"/me/pages/{page.bib}/address", {"slug": slug})
    assert answer.status_code == 422
    assert sentence in told(answer)
    page.refresh_from_db()
    assert page.slug == "amina-warsame"


def test_capitals_are_made_small() -> None:
    page = an_owned_page()
    owner_of(page).post(f"/me/pages/{page.bib}/address", {"slug": "Amina-Runs"})
    page.refresh_from_db()
    assert page.slug == "amina-runs"


def test_old_addresses_lead_to_the_page_and_say_by_which_way(client: Client) -> None:
    page = an_owned_page()
    owner = owner_of(page)
    for slug in ("amina-runs", "amina-flies"):
        owner.post(f"/me/pages/{page.bib}/address", {"slug": slug})
    for old in ("amina-warsame", "amina-runs"):
        assert client.get(f"/r/{old}").headers["Location"] == "/r/amina-flies"
        assert client.get(f"/r/{old}?from=qr").headers["Location"] == "/r/amina-flies?from=qr"
        assert client.get(f"/r/{old}?from=evil").headers["Location"] == "/r/amina-flies"
    assert client.get("/r/amina-flies").status_code == 200


def test_nobody_else_gets_an_old_address_and_its_page_may_take_it_back(client: Client) -> None:
    page = an_owned_page()
    change_address(fundraiser=page, slug="amina-runs")
    assert a_page(page.event).slug == f"amina-warsame-{page.bib + 1}"
    change_address(fundraiser=page, slug="amina-warsame")
    assert client.get("/r/amina-runs").headers["Location"] == "/r/amina-warsame"
    assert list(OldSlug.objects.values_list("slug", flat=True)) == ["amina-runs"]


def test_a_page_does_not_collect_addresses() -> None:
    page = an_owned_page()
    for number in range(10):
        change_address(fundraiser=page, slug=f"amina-runs-{'abcdefghij'[number]}")
    with pytest.raises(Refused, match="has had 10 addresses"):
        change_address(fundraiser=page, slug="one-more")
    change_address(fundraiser=page, slug="amina-warsame")


def test_a_page_may_take_a_look_alike_of_its_own_address() -> None:
    page = an_owned_page()
    change_address(fundraiser=page, slug="arnina-warsame")
    assert page.slug == "arnina-warsame"


def test_the_same_address_again_changes_nothing() -> None:
    page = an_owned_page()
    change_address(fundraiser=page, slug=page.slug)
    assert not OldSlug.objects.exists()


def test_an_old_address_of_a_hidden_page_leads_nowhere(client: Client) -> None:
    page = an_owned_page()
    change_address(fundraiser=page, slug="amina-runs")
    Fundraiser.objects.update(is_hidden=True)
    assert client.get("/r/amina-warsame").status_code == 404


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Al Ice", "al-ice"),
        ("Admin", "admin-101"),
        ("", "runner-101"),
        ("李", "runner-101"),
        ("Bo", "bo-101"),
        ("Breaking Free", "breaking-free-101"),
        ("Ana_Lee", "ana-lee"),
        ("x" * 80, "x" * 50),
    ],
)
def test_a_page_gets_an_address_from_its_name(name: str, slug: str) -> None:
    assert create_fundraiser(event=an_event(), name=name or "…").slug == slug


def test_two_of_one_name_and_two_that_look_alike_are_told_apart_by_the_bib() -> None:
    event = an_event()
    slugs = [create_fundraiser(event=event, name=name).slug for name in ("Al Ice", "Alice", "Al-ice", "Ali Ce")]
    assert slugs == ["al-ice", "alice-102", "al-ice-103", "ali-ce-104"]


def test_a_runner_gets_a_page_even_where_somebody_took_the_address_with_the_bib() -> None:
    page = an_owned_page()
    change_address(fundraiser=page, slug=f"amina-warsame-{page.bib + 1}")
    other = create_fundraiser(event=page.event, name="Amina Warsame")
    assert other.slug.startswith("amina-warsame-")
    assert look_of(other.slug) != look_of(page.slug)


@pytest.mark.parametrize(
    "path", ["/qr.svg", "/sheet-a4.pdf", "/sheet-letter.pdf", "/updates", "/report", "/card/abc.jpg"]
)
def test_what_hangs_on_an_old_address_is_found_at_the_new_one_until_the_page_is_hidden(
    path: str, client: Client
) -> None:
    page = a_page()
    change_address(fundraiser=page, slug="amina-runs")
    answer = client.get(f"/r/amina-warsame{path}")
    assert (answer.status_code, answer["Location"]) == (302, f"/r/amina-runs{path}")
    assert client.get(f"/r/amina-warsame{path}", follow=True).status_code == 200
    set_hidden(fundraiser=page, hidden=True)
    assert client.get(f"/r/amina-warsame{path}").status_code == 404
