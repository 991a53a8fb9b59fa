"""Counting who opens a page, around what is kept of it."""

from functools import wraps

from django.http import HttpRequest, HttpResponseBase

from common.http import View
from fundraisers import visits


def counted(view: View) -> View:
    """Counts visits by the way that led to the page; an old address hands the way on to the new one."""

    @wraps(view)
    def answer(request: HttpRequest, slug: str) -> HttpResponseBase:
        # Before the view: a kept page hears nothing of the query.
        way, told = visits.way_of(request), visits.told_by(request)
        response = view(request, slug=slug)
        if way and response.status_code in (200, 304):
            visits.tally.add((slug, way))
        if told and response.status_code == 302:
            response.headers["Location"] += f"?from={told}"
        return response

    return answer
