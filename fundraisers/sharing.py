"""What helps people to share a page: addresses that say which way they went, links, and words to send."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.money import short_dollars
from events.models import Beneficiary, Event
from fundraisers.models import Fundraiser
from teams.models import Team


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
class Paper:
    """Addresses of what can be printed, and the file name of the code."""

    qr: str
    letter: str
    a4: str
    name: str


@dataclass(frozen=True, slots=True)
class ShareSheet:
    heading: str
    address: str
    to_copy: str
    title: str
    ways: list[Way]
    # Of the event there is nothing to print.
    paper: Paper | None
    words_heading: str
    words: list[Words]


def address(page: Fundraiser | Team, source: str = "") -> str:
    """The page's full address; visits of a runner's page by it are counted under this source."""
    query = f"?{urlencode({'from': source})}" if source else ""
    return f"{settings.SITE_URL}{page.get_absolute_url()}{query}"


def share_sheet(page: Fundraiser, event: Event, lanes: Sequence[Beneficiary]) -> ShareSheet:
    """A protected page is offered to no network that shows it to strangers."""

    def link(source: str) -> str:
        return address(page, source)

    title = page.heading
    return ShareSheet(
        heading=_("Share this page"),
        address=address(page),
        to_copy=link("copy"),
        title=title,
        ways=_private_ways(title, title, link) + ([] if page.is_protected else _networks(title, link)),
        paper=_paper(page.slug, ""),
        words_heading=_("Words for %(name)s to send") % {"name": page.first_name},
        words=_words(page, event, lanes, link),
    )


def team_share_sheet(team: Team, event: Event, lanes: Sequence[Beneficiary]) -> ShareSheet:
    """The same for a team. Who visits it is not counted, so its address says no way."""
    title, here = f"{team.name} · {event.name}", address(team)

    def link(_source: str) -> str:
        return here

    return ShareSheet(
        heading=_("Share this team"),
        address=here,
        to_copy=here,
        title=title,
        ways=_private_ways(title, title, link) + _networks(title, link),
        paper=_paper(team.slug, "team_"),
        words_heading=_("Words for the team to send"),
        words=_team_words(team, event, lanes, link),
    )


def event_share_sheet(event: Event, lanes: Sequence[Beneficiary]) -> ShareSheet:
    """For everybody who wants others to come, or to give."""
    title, here = f"{event.name}: {event.tagline}", settings.SITE_URL + reverse("home")

    def link(_source: str) -> str:
        return here

    return ShareSheet(
        heading=_("Share the race"),
        address=here,
        to_copy=here,
        title=title,
        ways=_private_ways(title, title, link) + _networks(title, link),
        paper=None,
        words_heading=_("Words to send"),
        words=_event_words(event, lanes, link),
    )


def _paper(slug: str, kind: str) -> Paper:
    qr, letter, a4 = (reverse(f"{kind}{name}", args=[slug]) for name in ("qr", "sheet_letter", "sheet_a4"))
    return Paper(qr, letter, a4, f"{slug}-qr.svg")


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


def _team_words(team: Team, event: Event, lanes: Sequence[Beneficiary], link: Callable[[str], str]) -> list[Words]:
    """For any of its runners to send."""
    told = {
        "team": team.name,
        "event": event.name,
        "raised": short_dollars(team.raised_cents),
        "organizations": _listed([lane.name for lane in lanes if lane.weight]),
    }
    friends = _(
        "Hi! With %(team)s I am taking part in the %(event)s, for %(organizations)s. Fifty dollars is fifty dollars:"
        " nothing is taken from your gift. Would you give our team a start, whatever the amount?"
    )
    runners = _(
        "We are %(team)s, and we run the %(event)s together. Run or walk with us: sign up, join the team, and what"
        " your friends give counts for all of us and goes to %(organizations)s, to the cent."
    )
    thanks = _(
        "Thank you! With you %(team)s stands at %(raised)s for %(organizations)s. On our page you can see where the"
        " money goes, to the cent."
    )
    subjects = {_("To friends"): friends, _("To run with us"): runners, _("To say thank you"): thanks}
    return [Words(label, text % told, _private_ways(event.name, text % told, link)) for label, text in subjects.items()]


def _event_words(event: Event, lanes: Sequence[Beneficiary], link: Callable[[str], str]) -> list[Words]:
    """For anybody to send."""
    told = {
        "event": event.name,
        "venue": event.venue,
        "day": date_format(event.starts_at.astimezone(event.zone), "F j"),
        "organizations": _listed([lane.name for lane in lanes if lane.weight]),
    }
    come = _(
        "Come and run or walk the %(event)s with me: %(day)s, %(venue)s. Everything goes to %(organizations)s, to the"
        " cent."
    )
    give = _(
        "The %(event)s raises money for %(organizations)s, who stand by people affected by trafficking in our city."
        " Fifty dollars is fifty dollars: nothing is taken from a gift, and you can see where it goes."
    )
    subjects = {_("To come along"): come, _("To give"): give}
    return [Words(label, text % told, _private_ways(event.name, text % told, link)) for label, text in subjects.items()]


def _listed(names: list[str]) -> str:
    """`A, B and C`."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}
