"""The demo runs with DEBUG, and strangers' addresses still meet the site's own 404 page."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.views.defaults import page_not_found

GetResponse = Callable[[HttpRequest], HttpResponse]


def own_not_found(get_response: GetResponse) -> GetResponse:
    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        technical = response.status_code == 404 and response.headers.get("Content-Type", "").startswith("text/html")
        # What other sites may frame says for itself that there is nothing.
        own = hasattr(response, "xframe_options_exempt")
        return page_not_found(request, Http404()) if technical and not own else response

    return answer
