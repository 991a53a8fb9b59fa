"""What helping hands are needed for, before, during and after the race, with the shifts that are open."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from events.queries import current_event
from outreach.volunteers.queries import needs_of, open_shifts
from pages.cached import cached_page


@cached_page
def volunteer(request: HttpRequest) -> HttpResponse:
    event = current_event()
    shifts = list(open_shifts(event))
    left = sum(max(shift.places - shift.taken, 0) for shift in shifts)
    context = {"event": event, "needs": needs_of(event, shifts), "shifts": len(shifts), "left": left}
    return render(request, "volunteer.html", context)
