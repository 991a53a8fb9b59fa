"""The ten daily jobs of the desk, each walked by its links: never more than three clicks from the front.

A click is a link that is on the page, or the search that is sent off. What is counted leads to the page where the job
is done by filling in its form; pressing that form's button is the job itself.
"""

import re
from html import unescape

import pytest
from django.test import Client

from accounts.models import Role
from tests.desk.cast import at_desk, text_of
from tests.factories import a_page, a_payment, a_registration, paid

pytestmark = pytest.mark.django_db
CLICKS = 3


def follow(client: Client, page: str, click: str) -> str:
    """The page behind a link that is there, or behind the search with these words."""
    if click.startswith("search:"):
        assert 'action="/desk/search"' in page
        return text_of(client, "/desk/search", q=click.removeprefix("search:"))
    found = re.search(rf'href="({click})"', page)
    assert found, f"no link to {click}"
    answer = client.get(unescape(found[1]))
    assert answer.status_code == 200, found[1]
    return "" if answer.streaming else str(answer.content.decode())


# Job, what is clicked, and what the last page holds. `.*` is a number of the world.
JOBS = {
    "today's numbers": ((), "gifts? today"),
    "approve a page": (("/desk/messages",), r'action="/desk/messages/\d+"'),
    "refund": (("search:rosa", r"/desk/gifts/\d+/refund"), 'name="reason"'),
    "refund, without the search": (("/desk/gifts", r"/desk/gifts/\d+", r"/desk/gifts/\d+/refund"), 'name="reason"'),
    "mark an offline gift": (("/desk/offline/new",), 'name="amount"'),
    "disbursement": (("/desk/disbursements/propose",), "<h1>"),
    "volunteers": (("/desk/volunteers",), "<h1>"),
    "send a newsletter": (("/desk/newsletter/letters/new",), 'name="subject"'),
    "export": (("/desk/exports", "/desk/exports/gifts.csv"), ""),
    "search a donor": (("search:rosa", r"/desk/gifts/\d+"), "donor.*@example.org"),
    "fix a typo": (("search:olsen", r"/desk/registrations/people/\d+/correct"), 'name="name"'),
    "fix a typo, without the search": (
        ("/desk/registrations", r"/desk/registrations/\d+", r"/desk/registrations/people/\d+/correct"),
        'name="name"',
    ),
}


@pytest.mark.parametrize("job", JOBS)
def test_a_daily_job_is_at_most_three_clicks_from_the_front(job: str) -> None:
    runner = a_page()
    paid(a_payment(runner, name="Rosa Delgado", message="Go"))
    runner.donations.update(message_state="waiting")
    a_registration(runner.event, "Ben Olsen")
    clicks, holds = JOBS[job]
    assert len(clicks) <= CLICKS
    client = at_desk(*[role for role in Role if role != Role.CHARITY])
    page = text_of(client, "/desk")
    for click in clicks:
        page = follow(client, page, click)
    assert re.search(holds, page)
