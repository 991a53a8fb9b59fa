"""Forms of the desk that take one file: in memory, and no more of it than is wanted."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from common.uploads import OneFile

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def takes_file(field: str, most_bytes: int) -> Callable[[View[P]], View[P]]:
    """Lets a guarded view have the file of this field. Outermost: Django reads the whole form, file included, to find
    its token, so what takes the file has to be there before.
    """

    def decorate(view: View[P]) -> View[P]:
        protected = csrf_protect(view)

        @wraps(view)
        def taking(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.user.is_authenticated:
                request.upload_handlers = [OneFile(request, field, most_bytes)]
            return protected(request, *args, **kwargs)

        return csrf_exempt(taking)

    return decorate
