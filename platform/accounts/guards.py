"""Who may enter a view of staff: the role first, then a second factor, then, for money, a fresh one.

allauth's own `reauthentication_required` lets a person without factors pass, so the guard is ours.
"""

import time
from collections.abc import Callable, Collection
from functools import wraps
from typing import Concatenate, ParamSpec, TypeAlias

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.models import Role, User
from accounts.queries import authenticator_ids, charity_slugs, has_role, roles_of
from accounts.redirects import page_of

__all__ = ["SignedInRequest", "charity_slugs", "desk_view", "has_fresh_mfa", "has_role"]

P = ParamSpec("P")


class SignedInRequest(HttpRequest):
    """The type of a request behind a guard: it has a person, and the roles they hold now. For annotations only."""

    user: User
    roles: frozenset[str]


DeskView: TypeAlias = Callable[Concatenate[SignedInRequest, P], HttpResponseBase]
GuardedView: TypeAlias = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def desk_view(*roles: Role, fresh_mfa: bool = False) -> Callable[[DeskView[P]], GuardedView[P]]:
    """Guard a view of staff or of a charity.

    Takes the roles of which one is enough, and `fresh_mfa=True` for acts that touch money. The guarded view answers a
    redirect to sign-in for strangers, 404 for signed-in people without the role (they learn nothing), a redirect to
    set up or to use a second factor for staff, and is never cached. It carries `roles` and `fresh_mfa` as attributes,
    which the matrix test of routes and roles reads. Raises ValueError when no role is named.
    """
    if not roles:
        raise ValueError("desk_view needs at least one role.")

    def decorate(view: DeskView[P]) -> GuardedView[P]:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            refusal = _refusal(request, roles, fresh_mfa)
            if refusal is not None:
                return refusal
            return view(request, *args, **kwargs)  # type: ignore[arg-type]  # the refusal held back the anonymous

        vars(guarded).update(roles=frozenset(roles), fresh_mfa=fresh_mfa)
        return guarded

    return decorate


def has_fresh_mfa(request: HttpRequest) -> bool:
    """Whether this session used a factor the person still holds within the last `FRESH_MFA_SECONDS`."""
    user = request.user
    return isinstance(user, User) and _used_within(request, user, authenticator_ids(user), settings.FRESH_MFA_SECONDS)


def _refusal(request: HttpRequest, roles: Collection[Role], fresh_mfa: bool) -> HttpResponse | None:
    user = request.user
    if not isinstance(user, User):
        return _send(request, resolve_url(settings.LOGIN_URL))
    held = roles_of(user)
    if held.isdisjoint(roles):
        raise Http404
    vars(request)["roles"] = held
    factors = authenticator_ids(user)
    if not factors:
        return _send(request, reverse("second_factor"))
    if not _used_within(request, user, factors, settings.FRESH_MFA_SECONDS if fresh_mfa else None):
        if request.method not in ("GET", "HEAD"):
            # allauth can replay the form after the second factor, but it would also replay one that was given up days
            # ago, when the same address is opened next. Money does not move that way: the person presses again.
            messages.warning(request, _("Nothing was done yet. Confirm that it is you, then press the button again."))
        return _send(request, str(get_adapter().get_reauthentication_methods(user)[0]["url"]))
    return None


def _used_within(request: HttpRequest, user: User, factors: Collection[int], seconds: int | None) -> bool:
    # A record of a factor that was removed since does not count: taking away a stolen key ends its sessions.
    used = [record["at"] for record in get_authentication_records(request, user) if _is_factor(record, factors)]
    # allauth writes the wall clock into its records, so the wall clock is asked here, not the demo's.
    return bool(used) and (seconds is None or time.time() - max(used) < seconds)


def _is_factor(record: dict[str, object], factors: Collection[int]) -> bool:
    return record.get("method") == "mfa" and record.get("id") in factors


def _send(request: HttpRequest, url: str) -> HttpResponse:
    target = f"{url}?{urlencode({'next': page_of(request)})}"
    if request.headers.get("HX-Request") == "true":
        # htmx would put the sign-in page into the fragment; this header makes it load the page instead.
        return HttpResponse(headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)
