"""People with pages and teams, each in a session of their own."""

from typing import Any, NamedTuple, cast

from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from accounts.services import create_person
from events.models import Event
from fundraisers.membership import join
from fundraisers.models import Fundraiser
from outreach.models import OutboxMail
from teams.models import Team
from tests.factories import a_page, a_payment, a_team, paid


class Runner(NamedTuple):
    """Somebody with a page, signed in."""

    user: User
    page: Fundraiser
    client: Client

    def post(self, path: str, **words: Any) -> HttpResponse:
        return cast(HttpResponse, self.client.post(path, words))

    def sees(self, path: str, **query: str) -> str:
        answer = self.client.get(path, query)
        assert answer.status_code == 200, answer.status_code
        return str(answer.content.decode())

    def team(self) -> Team | None:
        self.page.refresh_from_db()
        return self.page.team


def a_runner(event: Event, name: str = "Tou Vang", email: str = "", team: Team | None = None, **more: Any) -> Runner:
    address = email or f"{name.partition(' ')[0].lower()}@example.org"
    page = a_page(event, name=name, team="", email=address, **more)
    page.owner, page.event = create_person(email=address, name=name), event
    page.save(update_fields=["owner"])
    if team:
        join(page=page, team=team)
    client = Client()
    client.force_login(page.owner)
    return Runner(page.owner, page, client)


def a_led_team(event: Event, name: str = "North Loop Striders", **more: Any) -> tuple[Team, Runner]:
    """A team and its captain, who runs with it."""
    captain = a_runner(event, name="Amina Warsame")
    team = a_team(event, name, captain.user, **more)
    join(page=captain.page, team=team)
    return team, captain


def given(page: Fundraiser, cents: int = 5000, **more: Any) -> None:
    """A gift that arrived, started now."""
    page.refresh_from_db()
    paid(a_payment(page, cents=cents, **more))


def mails_of(topic: str) -> list[OutboxMail]:
    """Mails whose key begins so, oldest first."""
    return list(OutboxMail.objects.filter(key__startswith=topic).order_by("pk"))
