"""No page of ours can be framed by another site, but the widgets."""

import pytest
from django.test import Client

from tests.matrix.routes import routes
from tests.matrix.world import a_world

pytestmark = pytest.mark.django_db
# The one exception, and the two forms of its address.
FRAMED = {"widget", "widget_of"}
# The desk shows a letter as it looks, inside its own page.
BY_OURSELVES = {"desk_letter_html"}


def test_every_route_refuses_to_be_framed_but_the_widgets() -> None:
    world = a_world()
    wrong = {}
    for part in ("anonymous", "organizer"):
        client = world.client(part)
        client.raise_request_exception = False
        for name in routes():
            answer = client.get(world.address(part, name))
            policy = answer["Content-Security-Policy"].split("; ")
            told = [rule for rule in policy if rule.startswith("frame-ancestors")]
            # The demo draws its own 404 outside of what sets this older header; browsers of today go by the policy.
            old = answer.get("X-Frame-Options", "DENY" if answer.status_code == 404 else None)
            right = (["frame-ancestors *"], None) if name in FRAMED else (["frame-ancestors 'none'"], "DENY")
            own = name in BY_OURSELVES and (told, old) == (["frame-ancestors 'self'"], "SAMEORIGIN")
            if (told, old) != right and not own:
                wrong[name] = (answer.status_code, told, old)
    assert wrong == {}


def test_a_widget_that_takes_no_form_cannot_be_pressed() -> None:
    world = a_world()
    for name in sorted(FRAMED):
        assert Client().post(world.address("anonymous", name)).status_code == 405
