"""What runners write: on a protected page a moderator reads it before anybody does, elsewhere what may hurt."""

import pytest
from django.test import Client

from accounts.models import Role
from donations.giving.moderation import digest_of
from fundraisers.models import Fundraiser, Update
from fundraisers.services import set_audience
from outreach.models import OutboxMail
from tests.desk.cast import at_desk, the_act
from tests.fundraisers.people import an_owned_page, owner_of, told
from tests.fundraisers.test_thanks import a_gift, say

pytestmark = pytest.mark.django_db


def a_protected_page() -> Fundraiser:
    page = an_owned_page()
    set_audience(fundraiser=page, listed=False, protected=True, new_address=False)
    return page


def post(page: Fundraiser, text: str) -> str:
    return told(owner_of(page).post(f"/me/pages/{page.bib}/updates", {"text": text}, follow=True))


def seen(page: Fundraiser) -> str:
    return told(Client().get(f"/r/{page.slug}")) + told(Client().get(f"/r/{page.slug}/updates"))


def test_news_on_a_protected_page_waits_for_a_moderator() -> None:
    page, moderator = a_protected_page(), at_desk(Role.MODERATOR)
    said = post(page, "I run at noon by the lake.")
    assert "A moderator reads your news first" in said
    assert "Nobody else sees it yet" in said
    assert "by the lake" not in seen(page)
    assert "News of 1 runner waits to be read." in told(moderator.get("/desk"))
    assert "by the lake" in told(moderator.get("/desk/updates"))
    assert moderator.post(f"/desk/updates/{Update.objects.get().pk}/hide", {"hidden": "0"}).status_code == 302
    assert "by the lake" in seen(page)
    assert "News or thanks of" not in told(moderator.get("/desk"))


def test_news_that_a_moderator_refuses_never_stands_on_the_page() -> None:
    page = a_protected_page()
    post(page, "I run at noon by the lake.")
    at_desk(Role.MODERATOR).post(f"/desk/updates/{Update.objects.get().pk}/hide", {"hidden": "1"})
    assert "by the lake" not in seen(page)
    assert "A moderator has taken this off the page." in told(owner_of(page).get(f"/me/pages/{page.bib}/updates"))


@pytest.mark.parametrize(
    ("text", "waits"), [("Ten miles today! More at https://example.org", False), ("You wh0re", True)]
)
def test_elsewhere_news_stands_at_once_unless_it_may_hurt(text: str, waits: bool) -> None:
    page = an_owned_page()
    post(page, text)
    assert Update.objects.get().waits is waits
    assert (text.split()[1] in told(Client().get(f"/r/{page.slug}/updates"))) is not waits


@pytest.mark.money
def test_thanks_on_a_protected_page_are_read_shown_and_only_then_sent() -> None:
    page, moderator = a_protected_page(), at_desk(Role.MODERATOR)
    gift = a_gift(page)
    words = "See you at noon by the lake!"
    assert say(page, gift, words) == 302
    mails = OutboxMail.objects.filter(key=f"thanks:{gift.pk}")
    assert words not in seen(page)
    assert not mails.exists()
    assert words in told(moderator.get("/desk/updates"))
    moderator.post(f"/desk/messages/{gift.pk}/thanks", {"state": "shown", "seen": digest_of(["Something else"])})
    assert words not in seen(page), "others were read"
    moderator.post(f"/desk/messages/{gift.pk}/thanks", {"state": "shown", "seen": digest_of([words])})
    assert words in seen(page)
    assert mails.count() == 1
    assert (the_act().verb, the_act().target) == ("set thanks to shown", f"gift {gift.pk}")


@pytest.mark.money
def test_thanks_that_a_moderator_refuses_are_neither_shown_nor_sent_and_others_can_be_written() -> None:
    page, moderator = a_protected_page(), at_desk(Role.MODERATOR)
    gift = a_gift(page)
    say(page, gift, "By the lake")
    moderator.post(f"/desk/messages/{gift.pk}/thanks", {"state": "refused", "seen": digest_of(["By the lake"])})
    assert "By the lake" not in seen(page)
    assert not OutboxMail.objects.filter(key=f"thanks:{gift.pk}").exists()
    assert "You can write others." in told(owner_of(page).get(f"/me/pages/{page.bib}/gifts/{gift.pk}/thank"))
    say(page, gift, "Thank you")
    gift.refresh_from_db()
    assert gift.thanks_state == "waiting"
