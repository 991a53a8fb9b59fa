"""What an owner does with a page, and that nobody else can."""

import pytest
from django.test import Client

from accounts.models import Role
from fundraisers.models import Fundraiser, Update
from tests.accounts.people import make_staff, sign_in
from tests.factories import a_page, an_event
from tests.fundraisers.people import WORDS, a_person, an_owned_page, owner_of, told

pytestmark = pytest.mark.django_db

FORMS = ("edit", "audience", "photo", "address", "updates")
PLACES = ("", *(f"/{name}" for name in FORMS), "/gifts")


@pytest.mark.parametrize("place", PLACES)
def test_a_page_has_one_who_looks_after_it(place: str) -> None:
    page = an_owned_page()
    path = f"/me/pages/{page.bib}{place}"
    assert owner_of(page).get(path).status_code == 200
    assert Client().get(path).headers["Location"] == f"/accounts/login/?next={path}"
    for stranger in (a_person("other@example.org"), make_staff(*Role.values[:5])):  # type: ignore[arg-type]
        assert sign_in(Client(), stranger).get(path).status_code == 404


@pytest.mark.parametrize("place", [*(f"/{name}" for name in FORMS), "/hide", "/updates/1/remove", "/gifts/1/thank"])
def test_nobody_else_changes_a_page(place: str) -> None:
    page = an_owned_page()
    words = WORDS | {"who": "link", "slug": "mine-now", "text": "Ha", "hidden": "1"}
    for stranger in (a_person("other@example.org"), make_staff(*Role.values[:5])):  # type: ignore[arg-type]
        assert sign_in(Client(), stranger).post(f"/me/pages/{page.bib}{place}", words).status_code == 404
    assert Client().post(f"/me/pages/{page.bib}{place}", words).status_code == 302
    before = vars(page).copy()
    page.refresh_from_db()
    assert (page.name, page.story, page.slug, page.is_hidden) == (
        before["name"],
        before["story"],
        before["slug"],
        before["is_hidden"],
    )
    assert not Update.objects.exists()


def test_an_unclaimed_page_is_nobodys_yet() -> None:
    page = a_page(email="amina@example.org")
    person = sign_in(Client(), a_person())
    assert person.get(f"/me/pages/{page.bib}").status_code == 404


def test_words_and_goal_show_at_once(client: Client) -> None:
    page = an_owned_page()
    assert "$500" in told(client.get("/r/amina-warsame"))
    more = {"title": "Up before dawn", "story": "For **all** of us.", "goal": "$1,250"}
    answer = owner_of(page).post(f"/me/pages/{page.bib}/edit", WORDS | more)
    assert answer.headers["Location"] == f"/me/pages/{page.bib}"
    shown = told(client.get("/r/amina-warsame"))
    for words in ("Up before dawn", "<strong>all</strong>", "$1,250"):
        assert words in shown


def test_a_look_at_it_first_keeps_nothing(client: Client) -> None:
    page = an_owned_page()
    answer = owner_of(page).post(f"/me/pages/{page.bib}/edit", WORDS | {"story": "For *us*.", "preview": "1"})
    assert answer.status_code == 200
    assert "<em>us</em>" in told(answer)
    assert "For *us*.</textarea>" in told(answer)
    page.refresh_from_db()
    assert page.story == ""


def test_without_words_the_page_is_complete(client: Client) -> None:
    page = an_owned_page()
    owner_of(page).post(f"/me/pages/{page.bib}/edit", WORDS | {"story": "", "title": ""})
    assert page.event.default_story[:40] in told(client.get("/r/amina-warsame"))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Enter the name that stands on the page."),
        ({"name": "\u202egnp"}, "Write this on one line"),
        ({"name": "\u0410mina"}, "Write each word in one alphabet"),
        ({"name": "Breaking Free"}, "the name of the race or of an organization"),
        ({"name": "Breaking Fr\u0435e"}, "Write each word in one alphabet"),
        ({"goal": "a lot"}, "Enter an amount in dollars"),
        ({"goal": "5"}, "A goal is between $10 and $1,000,000."),
        ({"goal": "1000001"}, "A goal is between $10 and $1,000,000."),
        ({"story": "x" * 10_001}, "at most 10000 characters"),
        ({"title": "a\nb"}, "Write this on one line"),
    ],
)
def test_a_mistake_is_told_and_nothing_changes(wrong: dict[str, str], sentence: str) -> None:
    page = an_owned_page()
    answer = owner_of(page).post(f"/me/pages/{page.bib}/edit", WORDS | wrong)
    assert answer.status_code == 422
    assert told(answer).count(sentence) == 2, "once in the summary, once beside the field"
    assert "<title>Error:" in told(answer)
    page.refresh_from_db()
    assert (page.story, page.goal_cents) == ("", 50_000)


@pytest.mark.parametrize("name", ["李 María", "Мария", "田中さん", "Ó Súilleabháin", "Tou V.", "ẞa"])
def test_a_name_may_be_of_any_alphabet(name: str) -> None:
    page = an_owned_page()
    assert owner_of(page).post(f"/me/pages/{page.bib}/edit", WORDS | {"name": name}).status_code == 302


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[press](javascript:alert(1))",
        "![x](https://evil.example/pixel.gif)",
        '"><svg onload=alert(1)>',
    ],
)
def test_what_an_owner_writes_runs_nowhere(text: str, client: Client) -> None:
    page = an_owned_page()
    owner = owner_of(page)
    owner.post(f"/me/pages/{page.bib}/edit", WORDS | {"story": text, "title": text.replace("\n", " ")})
    owner.post(f"/me/pages/{page.bib}/updates", {"text": text})
    pages = [client.get("/r/amina-warsame"), client.get("/r/amina-warsame/updates")]
    pages += [owner.get(f"/me/pages/{page.bib}{place}") for place in ("", "/edit", "/updates")]
    for shown in map(told, pages):
        for bad in ("<script>alert", "<img src=x", 'href="javascript', '<img src="https://evil', "<svg onload"):
            assert bad not in shown


def test_news_are_shown_newest_first_and_the_older_on_a_page_of_their_own(client: Client) -> None:
    page = an_owned_page()
    owner = owner_of(page)
    for number in range(5):
        owner.post(f"/me/pages/{page.bib}/updates", {"text": f"Kilometre {number}"})
    shown = told(client.get("/r/amina-warsame"))
    assert shown.index("Kilometre 4") < shown.index("Kilometre 2")
    assert "Kilometre 1" not in shown
    assert "All news" in shown
    assert "Kilometre 0" in told(client.get("/r/amina-warsame/updates"))


def test_an_owner_takes_news_back(client: Client) -> None:
    page = an_owned_page()
    owner = owner_of(page)
    owner.post(f"/me/pages/{page.bib}/updates", {"text": "Too early"})
    number = Update.objects.get().pk
    owner.post(f"/me/pages/{page.bib}/updates/{number}/remove")
    assert "Too early" not in told(client.get("/r/amina-warsame"))
    assert owner.post(f"/me/pages/{page.bib}/updates/{number}/remove").status_code == 404


def test_news_of_another_page_cannot_be_removed() -> None:
    page = an_owned_page()
    other = an_owned_page(page.event, "other@example.org", name="Otto Other")
    owner_of(other).post(f"/me/pages/{other.bib}/updates", {"text": "Mine"})
    answer = owner_of(page).post(f"/me/pages/{page.bib}/updates/{Update.objects.get().pk}/remove")
    assert answer.status_code == 404
    assert Update.objects.exists()


def test_empty_news_are_refused() -> None:
    page = an_owned_page()
    answer = owner_of(page).post(f"/me/pages/{page.bib}/updates", {"text": "  "})
    assert answer.status_code == 422
    assert told(answer).count("Write what is new.") == 2


def test_a_page_of_an_earlier_edition_is_not_changed_any_more() -> None:
    page = an_owned_page(an_event())
    page.event.is_current = False
    page.event.save()
    owner = owner_of(page)
    assert owner.get(f"/me/pages/{page.bib}/edit").status_code == 404
    assert Fundraiser.objects.get().story == ""
