"""Sign-in pages that are not plain allauth, and the page that asks staff for a second factor."""

from typing import Any

from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStage
from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView
from allauth.core.internal import ratelimit
from allauth.mfa.base.views import ReauthenticateView
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.forms import TokenForm
from accounts.guards import SignedInRequest
from accounts.queries import authenticator_ids
from accounts.redirects import local_path
from accounts.tokens import live_token, make_token, revoke_token

RETRY_AFTER_SECONDS = 300
AFTER_SECOND_FACTOR = "after_second_factor"


class SignInView(RequestLoginCodeView):
    """The one door: an e-mail address, answered with a code by mail, or a passkey. Known or unknown looks the same."""

    template_name = "account/login.html"

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginStage) -> HttpResponseRedirect | None:
        # Who went back and typed another address wants a code there, not the page that waits for the first one.
        if request.method != "POST":
            return super()._redirect_to_pending_stage(request, stage)
        clear_login(request)
        return None

    def form_invalid(self, form: Form) -> HttpResponse:
        response = super().form_invalid(form)
        if form.has_error("email", "too_many_login_attempts"):
            response.status_code = 429
            response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response


class ConfirmCodeView(ConfirmLoginCodeView):
    """The code from the mail. allauth limits tries per code; here they are also limited per address, over all codes."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        email = self._process.state.get("email", "")
        self.tried = ratelimit.consume(request, app="allauth.account", action="login_failed", key=f"code:{email}")
        if self.tried is None:
            return too_many_requests(request)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        if self.tried is not None:
            self.tried.rollback()
        return super().form_valid(form)


class ReauthenticateByCodeView(ReauthenticateView):
    """A second factor within a session; the session gets a new id, as at sign-in."""

    def form_valid(self, form: Form) -> HttpResponse:
        self.request.session.cycle_key()
        return super().form_valid(form)


class ReauthenticateByPasskeyView(ReauthenticateWebAuthnView):
    """The same with a passkey."""

    def form_valid(self, form: Form) -> HttpResponse:
        self.request.session.cycle_key()
        return super().form_valid(form)


@never_cache
@login_required
def second_factor(request: SignedInRequest) -> HttpResponse:
    """Say why the desk needs a second factor and offer the ways; with one in hand, go on to where the person was."""
    after = local_path(request.GET.get("next") or request.session.get(AFTER_SECOND_FACTOR))
    if authenticator_ids(request.user):
        request.session.pop(AFTER_SECOND_FACTOR, None)
        return HttpResponseRedirect(after)
    request.session[AFTER_SECOND_FACTOR] = after
    return render(request, "account/second_factor.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def api_token(request: SignedInRequest) -> HttpResponse:
    """The person's token for the open API: made, shown once in the answer to that, and revoked."""
    form, made = TokenForm(request.POST or None), None
    if form.is_valid():
        if form.cleaned_data["what"] == "revoke":
            revoke_token(user=request.user)
            return HttpResponseRedirect(reverse("api_token"))
        # Shown here and now: a redirect would have to keep it somewhere.
        made = make_token(user=request.user)
    context = {"made": made, "token": live_token(request.user), "api_url": settings.SITE_URL + reverse("api_me")}
    wrong = request.method == "POST" and not form.is_valid()
    return render(request, "account/api_token.html", context, status=422 if wrong else 200)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The answer of every limit of sign-in, as `handler429` of the URL configuration too."""
    response = render(request, "account/too_many.html", status=429)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def closed(request: HttpRequest) -> HttpResponse:
    """A name that allauth looks up while it writes mails; nothing is there. Raises Http404, always."""
    raise Http404
