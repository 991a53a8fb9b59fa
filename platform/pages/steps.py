"""The one step that helps a page most now."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from donations.giving.queries import gifts_to_thank_for
from fundraisers.models import Fundraiser

# So many visits say that the page was sent to people.
VISITS_OF_FIVE_PEOPLE = 5
NEWS_LAST = timedelta(days=14)


class Step(NamedTuple):
    heading: str
    why: str
    label: str
    url: str


def next_step(page: Fundraiser, visits: int) -> Step | None:
    """The first thing that is not done yet, in the order in which it helps; None when there is nothing to say."""
    return None if page.is_hidden else next(chain(_words(page), _people(page, visits)), None)


def _words(page: Fundraiser) -> Iterator[Step]:
    if not page.story:
        yield Step(
            _("Say why you run"),
            _("Two sentences in your own words, and people know that it is you who asks."),
            _("Write it"),
            reverse("my_edit", args=[page.bib]),
        )
    if not page.photo and not page.is_protected:
        yield Step(
            _("Add a photo"),
            _("A face they know tells your friends that the page is yours."),
            _("Choose a photo"),
            reverse("my_photo", args=[page.bib]),
        )
    if not page.gift_count:
        # Economic Journal 2015, 300,000 gifts to London Marathon pages.
        yield Step(
            _("Make the first gift yourself"),
            _("Who comes next looks at what is there: a gift of £100 to a marathon page lifted those after it by £10."),
            _("Give to your own page"),
            reverse("give", args=[page.slug]),
        )


def _people(page: Fundraiser, visits: int) -> Iterator[Step]:
    if visits < VISITS_OF_FIVE_PEOPLE:
        yield Step(
            _("Send it to five people"),
            _("Begin with those who would be hurt if you did not ask. The words are ready below."),
            _("Share your page"),
            "#share",
        )
    if gifts_to_thank_for(page).exists():
        yield Step(
            _("Say thank you"),
            _("One by one, in your words. It stands under the gift, and the giver gets it by mail."),
            _("See who gave"),
            reverse("my_gifts", args=[page.bib]),
        )
    if page.gift_count and not page.updates.filter(created_at__gt=clock.now() - NEWS_LAST).exists():
        yield Step(
            _("Tell what is new"),
            _("A line about your training is a reason to look again, and to pass the page on."),
            _("Post news"),
            reverse("my_updates", args=[page.bib]),
        )
    if page.raised_cents >= page.goal_cents:
        yield Step(
            _("Raise your goal"),
            _("You are there. A finish line a bit farther on gives the next giver a reason."),
            _("Set a new goal"),
            reverse("my_edit", args=[page.bib]),
        )
