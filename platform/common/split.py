"""How an amount is dealt to the beneficiaries: cent by cent, exact, monotone, independent of order."""

from collections.abc import Sequence


def deal(cents: int, weights: Sequence[int], start: int) -> tuple[int, ...]:
    """Shares of `cents` by `weights`, adding up exactly.

    Each cent goes to the largest weight / (2 * got + 1) (Webster, Sainte-Laguë), ties to the first from `start`
    on. More cents never mean less for anybody, which largest remainder cannot promise (the Alabama paradox), so
    a refund never takes more from a charity than the gift gave it. The cents that surely come first are handed
    out at once, so the cost does not grow with the amount.
    """
    if cents < 0 or not weights or min(weights) < 0 or not any(weights):
        raise ValueError(f"cannot deal {cents} cents by {list(weights)}")
    total, count = sum(weights), len(weights)
    # Priorities above total / (2 * cents - count) are fewer than `cents`, so all of them are dealt in any order.
    sure = 2 * cents - count
    got = [max(0, -((total - weight * sure) // (2 * total))) if sure > 0 else 0 for weight in weights]
    order = [(start + place) % count for place in range(count)]
    for _cent in range(cents - sum(got)):
        best = order[0]
        for place in order[1:]:
            if weights[place] * (2 * got[best] + 1) > weights[best] * (2 * got[place] + 1):
                best = place
        got[best] += 1
    assert sum(got) == cents
    return tuple(got)
