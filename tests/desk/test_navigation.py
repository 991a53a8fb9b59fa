"""The desk's pages in groups, by role, derived from the guards."""

import re

import pytest

from accounts.models import Role
from desk.navigation import JOBS, TABLE, doors
from tests.desk.cast import PAGES, at_desk, text_of
from tests.factories import an_event

pytestmark = pytest.mark.django_db
STAFF = [role for role in Role if role != Role.CHARITY]


def links(page: str) -> set[str]:
    bar = page[page.index('<div class="desk-bar">') : page.index('<form class="desk-find"')]
    return set(re.findall(r'href="([^"?]*)"', bar))


@pytest.mark.parametrize("role", STAFF)
def test_every_page_that_is_offered_opens_and_marks_itself(role: Role) -> None:
    an_event()
    client = at_desk(role)
    offered = links(text_of(client, "/desk"))
    assert "/desk" in offered
    for path in offered:
        page = text_of(client, path)
        assert len(re.findall(rf'href="{path}" aria-current="page"', page)) == 2, path
        assert links(page) == offered


def test_a_page_below_another_marks_the_one_above() -> None:
    an_event()
    page = text_of(at_desk(Role.ORGANIZER), "/desk/runners/new")
    assert page.count('aria-current="true"') == 2
    assert 'href="/desk/runners" aria-current="true"' in page
    assert page.count('<details name="desk-group" open>') == 1


def test_whom_nothing_of_a_group_lets_in_does_not_see_the_group() -> None:
    an_event()
    page = text_of(at_desk(Role.COORDINATOR), "/desk")
    assert ">Money<" not in page
    assert ">People<" in page


def test_every_line_of_the_tables_is_an_address_with_a_guard() -> None:
    named = [name for _words, lines in TABLE for name, _called in lines]
    assert len(named) == len(set(named))
    assert {*named, *(name for name, _words in JOBS)} <= set(doors())


def test_every_page_of_the_desk_has_the_search() -> None:
    an_event()
    client = at_desk(*STAFF)
    for path in PAGES:
        assert 'action="/desk/search"' in text_of(client, path), path
