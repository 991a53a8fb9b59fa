"""Addresses of pages: what one may be, and which look alike."""

import re

from django.utils.translation import gettext as _

from common.lookalikes import skeleton

SHORTEST, LONGEST = 3, 60
_SHAPE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
# Digits that pass for letters, and cl, which passes for d. The rest is in common.lookalikes.
_ALIKE = str.maketrans("2589", "zsbg")

# Words that a stranger would read something else into: the site's own, and those of who speaks for it.
_RESERVED = """
account accounts admin administrator api campaign charity checkout claim contact create desk donate donation donations
edit error event events faq finance fraud fundraiser fundraisers give giving help home hotline info join leaderboard
legal live login logout mail manage me media moderator money new news official organizer organizers page pages pay
payment payments police press privacy profile race refund refunds register registration report root runner runners
safety search security settings share signin signup sponsor sponsors staff static status stories story stripe support
survivor survivors system team teams terms test thanks treasurer trust update updates user users verify volunteer
volunteers webhook welcome www
"""


def look_of(slug: str) -> str:
    """What an address looks like: two with the same look are taken for one another. Hyphens do not count."""
    return skeleton(slug).translate(_ALIKE).replace("cl", "d")[:160]


_RESERVED_LOOKS = frozenset(map(look_of, _RESERVED.split()))


def is_reserved(slug: str) -> bool:
    return look_of(slug) in _RESERVED_LOOKS


def shape_problem(slug: str) -> str:
    """Why no page may have this address, as a sentence; empty where one may."""
    if not _SHAPE.fullmatch(slug):
        return _("Use the letters a to z, digits, and single hyphens between them, like amina-runs.")
    if not SHORTEST <= len(slug) <= LONGEST:
        return _("An address has %(least)s to %(most)s characters.") % {"least": SHORTEST, "most": LONGEST}
    if is_reserved(slug):
        return _("This word, or one that looks like it, is kept for the site itself. Choose another.")
    return ""
