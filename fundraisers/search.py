"""Finding runners and teams on the leaderboard."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.words import named, words_of
from events.models import Event
from fundraisers.models import Fundraiser
from fundraisers.queries import listed_fundraisers
from teams.models import Team
from teams.queries import public_teams

# Of each, most raised first.
FOUND_AT_MOST = 20
# A bib number has no more digits.
LONGEST_BIB = 9


@dataclass(frozen=True, slots=True)
class Found:
    """`more` says that there were others, for whom the words have to be clearer."""

    runners: Sequence[Fundraiser]
    teams: Sequence[Team]
    more: bool


def search(event: Event, text: str) -> Found:
    """Listed runners and shown teams by the beginnings of words of their names; a number also finds that bib."""
    words, wanted = words_of(text), listed_fundraisers(event)
    runners = list(named(wanted, words).order_by("-raised_cents", "pk")[: FOUND_AT_MOST + 1])
    if len(words) == 1 and words[0].isascii() and words[0].isdigit() and len(words[0]) <= LONGEST_BIB:
        runners = [*wanted.filter(bib=int(words[0])), *runners]
    teams = list(named(public_teams(event), words).order_by("-raised_cents", "pk")[: FOUND_AT_MOST + 1])
    more = max(len(runners), len(teams)) > FOUND_AT_MOST
    return Found(runners[:FOUND_AT_MOST], teams[:FOUND_AT_MOST], more)
