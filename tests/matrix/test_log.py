"""Every write of staff is in the audit log: whatever form the desk or a charity sends, a row says who sent it."""

import pytest
from django.core.cache import cache

from accounts.models import StaffAct
from tests.matrix.test_mass_assignment import stripe_is_away
from tests.matrix.world import a_world
from tests.matrix.writes import WRITES
from tests.tools.books import rolled_back

pytestmark = pytest.mark.django_db

__all__ = ["stripe_is_away"]
DESK = sorted(name for name in WRITES if name.startswith("desk"))


def test_every_write_at_the_desk_leaves_a_row_with_its_person(stripe_is_away: None) -> None:
    world, silent = a_world(), {}
    for name in DESK:
        part, _form, data = WRITES[name]
        with rolled_back():
            cache.clear()
            sent = data(world) if callable(data) else data
            before = StaffAct.objects.count()
            status = world.client(part).post(world.address(part, name), sent).status_code
            acts = StaffAct.objects.order_by("pk")[before:]
            if status not in (200, 302) or not acts or any(act.user != world.people[part] for act in acts):
                silent[name] = (status, [(act.verb, act.user.email) for act in acts])
    assert silent == {}
