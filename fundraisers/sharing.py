"""What helps people to share a page: addresses that say which way they went, links, and words to send."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from common.money import short_dollars
from events.models import Beneficiary, Event
from fundraisers.models import Fundraiser


@dataclass(frozen=True, slots=True)
class Way:
    """A link that opens somebody's mail, messages or network with words and address filled in."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Words:
    label: str
    text: str
    ways: list[Way]


@dataclass(frozen=True, slots=True)
class ShareSheet:
    address: str
    to_copy: str
    title: str
    ways: list[Way]
    words: list[Words]


def address(page: Fundraiser, source: str = "") -> str:
    """The page's full address; visits by it are counted under this source."""
    query = f"?{urlencode({'from': source})}" if source else ""
    return f"{settings.SITE_URL}{page.get_absolute_url()}{query}"


def share_sheet(page: Fundraiser, event: Event, lanes: Sequence[Beneficiary]) -> ShareSheet:
    """A protected page is offered to no network that shows it to strangers."""

    def link(source: str) -> str:
        return address(page, source)

    title = page.heading
    ways = _private_ways(title, title, link)
    if not page.is_protected:
        ways += _networks(title, link)
    return ShareSheet(address(page), link("copy"), title, ways, _words(page, event, lanes, link))


def _private_ways(subject: str, text: str, link: Callable[[str], str]) -> list[Way]:
    return [
        Way(_("E-mail"), f"mailto:?subject={_said(subject)}&body={_said(text, link('email'))}"),
        Way(_("Text message"), f"sms:?&body={_said(text, link('sms'))}"),
        Way("WhatsApp", f"https://wa.me/?text={_said(text, link('whatsapp'))}"),
    ]


def _networks(title: str, link: Callable[[str], str]) -> list[Way]:
    return [
        Way("Facebook", f"https://www.facebook.com/sharer/sharer.php?u={_said(link('facebook'))}"),
        Way("X", f"https://x.com/intent/post?text={_said(title)}&url={_said(link('x'))}"),
        Way("LinkedIn", f"https://www.linkedin.com/sharing/share-offsite/?url={_said(link('linkedin'))}"),
    ]


def _said(*parts: str) -> str:
    return quote("\n\n".join(parts), safe="")


def _words(page: Fundraiser, event: Event, lanes: Sequence[Beneficiary], link: Callable[[str], str]) -> list[Words]:
    """For the runner to send, in the first person."""
    told = {
        "event": event.name,
        "goal": short_dollars(page.goal_cents),
        "raised": short_dollars(page.raised_cents),
        "organizations": _listed([lane.name for lane in lanes if lane.weight]),
        "name": page.first_name,
    }
    friends = _(
        "Hi! I am taking part in the %(event)s, for %(organizations)s. My goal is %(goal)s. Fifty dollars is fifty"
        " dollars: nothing is taken from your gift. Would you give me a start, whatever the amount?"
    )
    colleagues = _(
        "Hello all, I am taking part in the %(event)s and raise money for %(organizations)s, who stand by people"
        " affected by trafficking in our city. Every gift arrives whole. If you want to run with me, there is room"
        " for you, too."
    )
    thanks = _(
        "Thank you! With you we are at %(raised)s of %(goal)s for %(organizations)s. On my page you can see where the"
        " money goes, to the cent. %(name)s"
    )
    subjects = {_("To friends"): friends, _("To colleagues"): colleagues, _("To say thank you"): thanks}
    return [Words(label, text % told, _private_ways(event.name, text % told, link)) for label, text in subjects.items()]


def _listed(names: list[str]) -> str:
    """`A, B and C`."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}
