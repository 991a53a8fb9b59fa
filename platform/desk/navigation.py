"""The desk's pages in groups: one table, and whom the guards let in. A new page of the desk is one line here."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FRONT = "desk"

# Group, and in it the name of each address and what it is called. Whom an address lets in is not said here but there.
TABLE: tuple[tuple[Promise | str, tuple[tuple[str, Promise | str], ...]], ...] = (
    (_("Today"), ((FRONT, _("Today")),)),
    (
        _("People"),
        (
            ("desk_registrations", _("Registrations")),
            ("desk_wait_list", _("Wait list")),
            ("desk_runners", _("Runners")),
            ("desk_teams", _("Teams")),
            ("desk_people", _("People's data")),
        ),
    ),
    (
        _("Money"),
        (
            ("desk_gifts", _("Gifts")),
            ("desk_offline", _("Offline gifts")),
            ("desk_disputes", _("Disputes")),
            ("desk_books", _("Books")),
            ("desk_entries", _("Entries")),
            ("desk_bank", _("Bank")),
            ("desk_reconcile", _("Reconcile")),
            ("desk_disbursements", _("Payments")),
            ("desk_closing", _("Closing")),
            ("desk_sponsors", _("Sponsors")),
            ("desk_exports", _("Exports")),
        ),
    ),
    (
        _("Campaign"),
        (
            ("desk_home", _("Home page")),
            ("desk_stories", _("Stories")),
            ("desk_newsletter", _("Newsletter")),
            ("desk_messages", _("Messages")),
            ("desk_updates", _("News and thanks")),
            ("desk_reports", _("Reports")),
            ("desk_mails", _("Mails")),
        ),
    ),
    (
        _("Race day"),
        (
            ("desk_checkin", _("Check-in")),
            ("desk_volunteers", _("Volunteers")),
            ("desk_shifts", _("Shifts")),
            ("desk_screens", _("Screens")),
            ("desk_event_state", _("The race")),
        ),
    ),
    (
        _("Settings"),
        (
            ("desk_giving", _("Give forms")),
            ("desk_promo_codes", _("Promo codes")),
            ("desk_log", _("Log")),
            ("desk_style", _("Style")),
        ),
    ),
)

# What is done every day, in one click from the front.
JOBS: tuple[tuple[str, Promise | str], ...] = (
    ("desk_offline_new", _("Enter an offline gift")),
    ("desk_gifts", _("Refund a gift")),
    ("desk_registrations", _("Fix a typo in an entry")),
    ("desk_messages", _("Read words that wait")),
    ("desk_reports", _("Look at reported pages")),
    ("desk_new_runner", _("Make a runner's page")),
    ("desk_propose", _("Pay the organizations")),
    ("desk_volunteers", _("Answer volunteers")),
    ("desk_letter_new", _("Write a newsletter")),
    ("desk_exports", _("Export the books")),
    ("desk_checkin", _("Check people in")),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A page of the desk. `current` is `page` on that page, `true` on a page below it, and otherwise empty."""

    url: str
    words: Promise | str
    current: str


@dataclass(frozen=True, slots=True)
class Group:
    words: Promise | str
    links: tuple[Link, ...]

    @property
    def current(self) -> str:
        return next((link.current for link in self.links if link.current), "")


@cache
def doors() -> dict[str, frozenset[str]]:
    """Who may open what, read off the guards of the desk's own addresses, so that the two cannot disagree."""
    return {name: vars(view)["roles"] for name, view in _named_views() if "roles" in vars(view)}


def _named_views() -> Iterator[tuple[str, Any]]:
    for pattern in import_module("desk.urls").urlpatterns:
        yield pattern.name, pattern.callback


def opens(name: str, held: Collection[str]) -> bool:
    """Whether the address of this name lets somebody with these roles in."""
    return not doors()[name].isdisjoint(held)


def may_of(held: Collection[str]) -> dict[str, bool]:
    """What these roles open, by the name of the address without its `desk_`."""
    return {name.removeprefix("desk_"): not roles.isdisjoint(held) for name, roles in doors().items()}


def groups_for(held: Collection[str], room: str, here: str) -> list[Group]:
    """The groups with what these roles open. `here` is the name of the address, `room` the page it hangs under."""
    above = FRONT if room == "front" else f"desk_{room}"
    known = {name for _words, links in TABLE for name, _called in links}
    marked = here if here in known else above
    groups = []
    for words, links in TABLE:
        opened = tuple(
            Link(reverse(name), called, "" if name != marked else "page" if name == here else "true")
            for name, called in links
            if opens(name, held)
        )
        if opened:
            groups.append(Group(words, opened))
    return groups


def jobs_for(held: Collection[str]) -> list[tuple[str, Promise | str]]:
    """The daily jobs of these roles: address and words."""
    return [(reverse(name), words) for name, words in JOBS if opens(name, held)]
