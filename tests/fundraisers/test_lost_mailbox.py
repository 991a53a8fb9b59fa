"""A lost mailbox has a way back, and a thief does not: the old address is told and can stop it, the new one answers."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import Role, StaffAct, User
from common import clock
from fundraisers.models import EmailChange, Fundraiser
from fundraisers.tasks import tend
from outreach.emails import html_of, text_of
from outreach.models import OutboxMail
from registration.models import Participant, Registration
from teams.models import Captain
from tests.accounts.people import add_totp, make_staff, sign_in
from tests.desk.cast import at_desk
from tests.factories import a_page, an_event, numbers
from tests.fundraisers.people import a_person, an_owned_page, link_in, owner_of, told

pytestmark = pytest.mark.django_db

OLD, NEW = "amina@example.org", "amina@new.example"


def asked_at_desk(page: Fundraiser, new: str = NEW) -> EmailChange:
    desk = at_desk(Role.ORGANIZER, email=f"organizer{next(numbers)}@example.org")
    words = {"email": new, "reason": "Came in person, showed the entry."}
    assert desk.post(f"/desk/runners/{page.pk}/email", words).headers["Location"] == "/desk/runners"
    return EmailChange.objects.latest("pk")


def answered(change: EmailChange) -> str:
    return told(Client().post(link_in(f"email_new:{change.pk}", "/mail/new/")))


def later(monkeypatch: pytest.MonkeyPatch, **more: Any) -> None:
    moment = clock.now() + timedelta(**more)
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_the_desk_changes_it_after_three_days_when_the_new_address_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    page = an_owned_page()
    session = owner_of(page)
    change = asked_at_desk(page)
    assert "unless the old address stops it" in answered(change)
    tend()
    assert User.objects.filter(email=OLD).exists(), "nothing happens at once"
    later(monkeypatch, hours=73)
    tend()
    page.refresh_from_db()
    assert page.owner
    assert (page.email, page.owner.email) == (NEW, NEW)
    assert EmailAddress.objects.get(user=page.owner).email == NEW
    assert session.get("/me").status_code == 302, "sessions of the old mailbox have ended"
    assert OutboxMail.objects.get(key=f"email_done:{change.pk}").to == OLD


def test_without_an_answer_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked_at_desk(an_owned_page())
    later(monkeypatch, days=10)
    tend()
    assert User.objects.filter(email=OLD).exists()


def test_an_answer_after_three_days_does_it_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    change = asked_at_desk(an_owned_page())
    later(monkeypatch, hours=80)
    assert "From now on this is your address." in answered(change)
    assert User.objects.filter(email=NEW).exists()


def test_the_owner_stops_who_only_asked_nicely(monkeypatch: pytest.MonkeyPatch) -> None:
    page = an_owned_page()
    change = asked_at_desk(page)
    answered(change)
    path = link_in(f"email_old:{change.pk}", "/mail/stop/")
    assert "Stop it" in told(Client().get(path))
    assert EmailChange.objects.get().closed_at is None, "looking stops nothing"
    assert "Everything stays as it is" in told(Client().post(path))
    later(monkeypatch, days=10)
    tend()
    assert "There is nothing to answer" in answered(change)
    assert "There is nothing to stop" in told(Client().post(path))
    page.refresh_from_db()
    assert page.email == OLD


def test_both_addresses_are_written_to_and_neither_learns_the_other() -> None:
    change = asked_at_desk(an_owned_page())
    to_new, to_old = (OutboxMail.objects.get(key=f"email_{which}:{change.pk}") for which in ("new", "old"))
    assert (to_new.to, to_old.to) == (NEW, OLD)
    assert OLD not in text_of(to_new) + html_of(to_new)
    assert NEW not in text_of(to_old) + html_of(to_old)
    assert "the organizers" in text_of(to_old)
    assert to_new.topic == to_old.topic == "", "nobody can have turned these off"


def test_the_desk_writes_down_who_asked_and_why() -> None:
    page = an_owned_page()
    asked_at_desk(page)
    act = StaffAct.objects.get()
    assert (act.verb, act.target) == ("asked for another address", f"bib {page.bib} {page.slug}")
    assert act.reason.startswith("Came in person")
    assert NEW not in act.target + act.reason


def test_the_desk_has_to_say_why() -> None:
    page = an_owned_page()
    answer = at_desk(Role.ORGANIZER).post(f"/desk/runners/{page.pk}/email", {"email": NEW, "reason": ""})
    assert answer.status_code == 422
    assert not EmailChange.objects.exists()


def test_the_address_of_staff_is_not_changed_this_way() -> None:
    page = an_owned_page()
    make_staff(Role.TREASURER, email=OLD)
    answer = at_desk(Role.ORGANIZER).post(f"/desk/runners/{page.pk}/email", {"email": NEW, "reason": "Asked."})
    assert answer.status_code == 422
    assert "works at the desk" in told(answer)
    assert not EmailChange.objects.exists()


def test_an_owner_who_is_signed_in_asks_and_it_cools_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    page = an_owned_page()
    assert owner_of(page).post("/me/email", {"email": NEW}).headers["Location"] == "/me"
    change = EmailChange.objects.get()
    assert change.by is None
    assert "unless the old address stops it" in answered(change)
    later(monkeypatch, hours=73)
    tend()
    page.refresh_from_db()
    assert page.email == NEW


def test_a_fresh_second_factor_cools_nothing_but_the_new_address_still_answers() -> None:
    page = an_owned_page()
    assert page.owner
    add_totp(page.owner)
    owner = sign_in(Client(), page.owner, mfa_seconds_ago=30)
    owner.post("/me/email", {"email": NEW})
    page.refresh_from_db()
    assert page.email == OLD
    assert "From now on this is your address." in answered(EmailChange.objects.get())
    page.refresh_from_db()
    assert page.email == NEW


def test_a_stale_second_factor_cools() -> None:
    page = an_owned_page()
    assert page.owner
    add_totp(page.owner)
    sign_in(Client(), page.owner, mfa_seconds_ago=3600).post("/me/email", {"email": NEW})
    assert "unless the old address stops it" in answered(EmailChange.objects.get())


def test_asking_again_makes_the_first_one_void() -> None:
    page = an_owned_page()
    first = asked_at_desk(page, "typo@new.example")
    second = asked_at_desk(page)
    assert "There is nothing to answer" in answered(first)
    assert "unless the old address stops it" in answered(second)


def test_nobody_sends_mails_to_strangers_all_day() -> None:
    page = an_owned_page()
    owner = owner_of(page)
    codes = [owner.post("/me/email", {"email": f"stranger{n}@example.org"}).status_code for n in range(5)]
    assert codes == [302, 302, 302, 422, 422]


@pytest.mark.parametrize("email", [OLD, "AMINA@example.org", "no address", ""])
def test_an_address_that_makes_no_sense_is_refused(email: str) -> None:
    page = an_owned_page()
    assert owner_of(page).post("/me/email", {"email": email}).status_code == 422
    assert not EmailChange.objects.exists()


def test_what_hangs_on_the_old_address_moves_along(monkeypatch: pytest.MonkeyPatch) -> None:
    page = an_owned_page()
    waiting = a_page(page.event, name="Sami W.", email=OLD)
    cart = Registration.objects.create(event=page.event, email="Amina@example.org", name="Amina")
    change = asked_at_desk(page)
    answered(change)
    later(monkeypatch, hours=73)
    tend()
    waiting.refresh_from_db()
    page.refresh_from_db()
    cart.refresh_from_db()
    assert waiting.owner == page.owner
    assert (waiting.email, cart.email) == (NEW, NEW)
    assert not Participant.objects.filter(email=OLD).exists()


def test_an_address_that_is_a_person_already_gets_pages_and_teams(monkeypatch: pytest.MonkeyPatch) -> None:
    page = an_owned_page()
    other = a_person(NEW)
    assert page.team
    assert page.owner
    Captain.objects.create(team=page.team, user=page.owner, is_first=True)
    answered(asked_at_desk(page))
    later(monkeypatch, hours=73)
    tend()
    page.refresh_from_db()
    assert (page.owner, page.email) == (other, NEW)
    assert Captain.objects.get().user == other
    assert User.objects.filter(email=OLD).exists()


def test_an_unclaimed_page_cools_too(monkeypatch: pytest.MonkeyPatch) -> None:
    page = a_page(email=OLD)
    claim = link_in(f"claim:{page.pk}", "/claim/")
    answered(asked_at_desk(page))
    later(monkeypatch, hours=73)
    tend()
    page.refresh_from_db()
    assert page.owner == User.objects.get(email=NEW)
    assert "This link has done its work" in told(Client().post(claim, {"what": "mine"}))


def test_a_page_that_never_had_an_address_gets_its_first_at_once() -> None:
    page = a_page(an_event())
    desk = at_desk(Role.ORGANIZER)
    assert "no address yet" in told(desk.get(f"/desk/runners/{page.pk}/email"))
    desk.post(f"/desk/runners/{page.pk}/email", {"email": "Kwame@example.org", "reason": "Told us on the phone."})
    page.refresh_from_db()
    assert page.email == "kwame@example.org"
    assert OutboxMail.objects.get(key=f"claim:{page.pk}").to == "kwame@example.org"
    assert StaffAct.objects.exists()


@pytest.mark.parametrize("path", ["/mail/new/", "/mail/stop/"])
def test_forged_links_are_nothing(path: str) -> None:
    change = asked_at_desk(an_owned_page())
    for good in (link_in(f"email_new:{change.pk}", "/mail/new/"), link_in(f"email_old:{change.pk}", "/mail/stop/")):
        token = good.rpartition("/")[2]
        if good.startswith(path):
            token = token[:-1] + ("A" if token[-1] != "A" else "B")
        assert Client().post(path + token).status_code == 404
    assert EmailChange.objects.get().answered_at is None
    assert EmailChange.objects.get().closed_at is None
