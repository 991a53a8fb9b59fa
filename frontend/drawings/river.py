"""The money page's picture: one river in, as many lanes out as there are organizations.

The drawing holds no words. It stretches to the rows of labels beside it, so that they hold at 320 px, in every
language and for any number of organizations.
"""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from frontend.drawings.parts import Part, colour, join, permille

# Units of the drawing: it is stretched to the width and to the height of the labels.
WIDTH, ROW = 400, 100
GAP = 3
# A band's height when one organization gets everything, and where it passes the gate into the organization's hands.
TRUNK, THICKEST, GATE = 46, 84, 280


def river(parts: Sequence[Part], paid: Sequence[int], confirmed: Sequence[int]) -> SafeString:
    """Bands as thick as their share of what is allocated; behind the gate, filled as far as it is paid, and full of
    colour as far as it is confirmed.
    """
    count = max(len(parts), 1)
    height = ROW * count
    total = sum(max(part.cents, 0) for part in parts)
    pieces = [
        f'<svg class="river-picture" viewBox="0 0 {WIDTH} {height}" preserveAspectRatio="none" aria-hidden="true">'
    ]
    # As thick as its share, but none thicker than its row is high.
    scale = min(TRUNK * count, THICKEST * total / max((part.cents for part in parts), default=1) if total else TRUNK)
    thick = [max(scale * permille(part.cents, total) / 1000, 1.5) for part in parts]
    source = (height - sum(thick) - GAP * (count - 1)) / 2
    for index, part in enumerate(parts):
        pieces.append(_band(source, ROW * index + ROW / 2, thick[index], colour(part.place)))
        far = permille(paid[index], part.cents), permille(confirmed[index], part.cents)
        pieces.append(_beyond(ROW * index + ROW / 2, thick[index], far, part.place))
        source += thick[index] + GAP
    return join([*pieces, "</svg>"])


def _band(source: float, outlet: float, thick: float, css: str) -> str:
    """From its place in the river to the middle of its row."""
    top, half, straight = outlet - thick / 2, GATE * 0.5, GATE - 50
    bottom, end = top + thick, source + thick
    return (
        f'<path class="lane {css}" d="M0 {source:.1f}H40'
        f"C{half:.0f} {source:.1f} {half - 20:.0f} {top:.1f} {straight} {top:.1f}H{GATE}V{bottom:.1f}H{straight}"
        f'C{half - 20:.0f} {bottom:.1f} {half:.0f} {end:.1f} 40 {end:.1f}H0z"/>'
    )


def _beyond(outlet: float, thick: float, far: tuple[int, int], place: int) -> str:
    """Behind the gate: the bed is what is owed, the lane in it what is paid and what of that is confirmed."""
    css, top, room = colour(place), outlet - thick / 2, WIDTH - GATE
    pieces = [f'<rect class="bed {css}" x="{GATE}" y="{top:.1f}" width="{room}" height="{thick:.1f}"/>']
    for run, kind in zip(far, ("lane on-way", "lane"), strict=True):
        if run:
            width = room * run / 1000
            pieces.append(
                f'<rect class="{kind} {css}" x="{GATE}" y="{top:.1f}" width="{width:.1f}" height="{thick:.1f}"/>'
            )
    gate = f'd="M{GATE} {top - 6:.1f}v{thick + 12:.1f}"/>'
    return "".join([*pieces, f'<path class="gate-light" {gate}', f'<path class="gate" {gate}'])
