"""The style page: the tokens, the drawings, and every component in every state, by the real partials."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.views.decorators.http import require_safe

from accounts.guards import SignedInRequest, desk_view
from desk.shell import STAFF, show
from desk.style_samples import DRAWINGS, ELSEWHERE, SAMPLES, Sample
from desk.style_tokens import schemes
from events.queries import current_event, lanes

GROUNDS = ("", "paper", "night")


@dataclass(frozen=True, slots=True)
class Specimen:
    name: str
    state: str
    picture: str


@require_safe
@desk_view(*STAFF)
def style(request: SignedInRequest) -> HttpResponse:
    ground = request.GET.get("on", "")
    context = {
        "schemes": schemes(),
        "drawings": [_drawn(request, sample) for sample in DRAWINGS],
        "specimens": [_drawn(request, sample) for sample in SAMPLES],
        "elsewhere": ELSEWHERE.items(),
        "ground": ground if ground in GROUNDS else "",
        "grounds": GROUNDS,
    }
    return show(request, "style", "style", context)


def _drawn(request: HttpRequest, sample: Sample) -> Specimen:
    """By the site's own template, on the current event, with what the sample makes up."""
    event = current_event()
    context = {"event": event, "lanes": lanes(event), **sample.context()}
    return Specimen(sample.name, sample.state, engines["django"].from_string(sample.source).render(context, request))
