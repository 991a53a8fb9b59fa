"""How far a page has come: the first gift, then quarters of the goal."""

from fundraisers.models import Fundraiser

# Percent of the goal; 0 is the first gift.
STEPS = (0, 25, 50, 75, 100)


def reached(raised_cents: int, goal_cents: int) -> list[int]:
    """The steps that so much of the goal stands for, in their order."""
    if raised_cents <= 0:
        return []
    return [step for step in STEPS if step == 0 or (goal_cents and raised_cents * 100 >= goal_cents * step)]


def milestones(page: Fundraiser) -> list[tuple[int, bool]]:
    """Every step, and whether the page stands beyond it."""
    steps = reached(page.raised_cents, page.goal_cents)
    return [(step, step in steps) for step in STEPS]


def newly_reached(before_cents: int, after_cents: int, goal_cents: int) -> int | None:
    """The farthest step that was reached between two sums."""
    before = reached(before_cents, goal_cents)
    new = [step for step in reached(after_cents, goal_cents) if step not in before]
    return new[-1] if new else None
