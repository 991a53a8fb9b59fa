"""What the owner of a page does with it: words, photo, address, news, and who finds it."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.guards import SignedInRequest, has_fresh_mfa
from common.images import BadImage
from common.photos import store_photo
from events.queries import current_event
from fundraisers import claims, services
from fundraisers.forms import AudienceForm, EmailForm, HideForm, PhotoForm, SlugForm, UpdateForm, WordsForm
from fundraisers.models import Fundraiser
from fundraisers.queries import fundraiser_for_owner, unclaimed_pages
from fundraisers.uploads import OnePhoto

UPDATES_A_PAGE = 20
P = ParamSpec("P")


def owner_view(
    view: Callable[Concatenate[SignedInRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A form of a signed-in person; whose page it is, each view asks the guard."""
    guarded: Any = never_cache(require_http_methods(["GET", "HEAD", "POST"])(login_required(view)))
    return guarded  # type: ignore[no-any-return]


def _show(request: SignedInRequest, template: str, page: Fundraiser, form: forms.Form, **more: object) -> HttpResponse:
    context = {"event": page.event, "fundraiser": page, "person": request.user, "form": form, **more}
    return render(request, f"my/{template}.html", context, status=422 if form.errors else 200)


@owner_view
def edit(request: SignedInRequest, bib: int) -> HttpResponseBase:
    page = fundraiser_for_owner(request.user, bib)
    form = WordsForm(page, request.POST if request.method == "POST" else None)
    preview = ""
    if form.is_valid():
        data = form.cleaned_data
        if "preview" not in request.POST:
            services.edit_page(
                fundraiser=page, name=data["name"], title=data["title"], story=data["story"], goal_cents=data["goal"]
            )
            messages.success(request, _("Your page says so now."))
            return redirect("my_page", bib)
        page.name, page.title = data["name"], data["title"]
        preview = data["story"] or page.event.default_story
    return _show(request, "edit", page, form, preview=preview)


@owner_view
def audience(request: SignedInRequest, bib: int) -> HttpResponseBase:
    page = fundraiser_for_owner(request.user, bib)
    form = AudienceForm(page, request.POST if request.method == "POST" else None)
    if form.is_valid():
        who = form.cleaned_data["who"]
        services.set_audience(
            fundraiser=page,
            listed=who == AudienceForm.EVERYBODY,
            protected=who == AudienceForm.PROTECTED,
            new_address=form.cleaned_data["new_address"],
        )
        messages.success(request, _("Done. It holds from this moment on."))
        return redirect("my_page", bib)
    return _show(request, "audience", page, form)


@owner_view
def address(request: SignedInRequest, bib: int) -> HttpResponseBase:
    page = fundraiser_for_owner(request.user, bib)
    form = SlugForm(request.POST if request.method == "POST" else None, initial={"slug": page.slug})
    if form.is_valid():
        try:
            services.change_address(fundraiser=page, slug=form.cleaned_data["slug"])
        except services.Refused as error:
            form.add_error("slug", str(error))
        else:
            messages.success(request, _("Your page has its new address. The old one leads there."))
            return redirect("my_page", bib)
    return _show(request, "address", page, form, old=page.old_slugs.order_by("-pk"))


# Django reads the whole form, photo included, to find its token: what takes the photo has to be there before.
@csrf_exempt
def photo(request: HttpRequest, bib: int) -> HttpResponseBase:
    if request.user.is_authenticated:
        request.upload_handlers = [OnePhoto(request)]
    return _photo(request, bib)


@csrf_protect
@owner_view
def _photo(request: SignedInRequest, bib: int) -> HttpResponseBase:
    page = fundraiser_for_owner(request.user, bib)
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm()
    if request.method == "POST" and "remove" in request.POST:
        services.set_photo(fundraiser=page, name="")
        messages.success(request, _("The photo is gone. The dawn of your bib number is back."))
        return redirect("my_page", bib)
    if form.is_valid():
        try:
            services.set_photo(fundraiser=page, name=_stored(page, form))
        except (BadImage, services.Refused) as error:
            form.add_error("photo", str(error))
        else:
            messages.success(request, _("Your photo is on the page."))
            return redirect("my_page", bib)
    return _show(request, "photo", page, form)


def _stored(page: Fundraiser, form: PhotoForm) -> str:
    """Drawn anew and kept before the transaction that shows it."""
    if page.is_protected:
        raise services.Refused(_("A protected page shows no photo."))
    return store_photo(form.cleaned_data["photo"].file, form.crop())


@owner_view
def updates(request: SignedInRequest, bib: int) -> HttpResponseBase:
    page = fundraiser_for_owner(request.user, bib)
    form = UpdateForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        posted = services.post_update(fundraiser=page, text=form.cleaned_data["text"])
        waits = _("Thank you. A moderator reads your news first, and then it stands on the page.")
        messages.success(request, waits if posted.waits else _("Your news is on the page."))
        return redirect("my_updates", bib)
    found = Paginator(page.updates.all(), UPDATES_A_PAGE).get_page(request.GET.get("page"))
    return _show(request, "updates", page, form, page_obj=found)


@never_cache
@require_POST
@login_required
def remove_update(request: SignedInRequest, bib: int, pk: int) -> HttpResponse:
    page = fundraiser_for_owner(request.user, bib)
    services.remove_update(fundraiser=page, pk=get_object_or_404(page.updates, pk=pk).pk)
    messages.success(request, _("That news is gone."))
    return redirect("my_updates", bib)


@never_cache
@require_POST
@login_required
def hide(request: SignedInRequest, bib: int) -> HttpResponse:
    """One press takes the page away, one press brings it back: `hidden` says which."""
    page, form = fundraiser_for_owner(request.user, bib), HideForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("The form did not say whether to hide or to show. Nothing was done."))
    hidden = form.cleaned_data["hidden"]
    try:
        services.set_hidden(fundraiser=page, hidden=hidden, by=Fundraiser.HiddenBy.OWNER)
    except services.Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("Your page is hidden. Nobody can see it.") if hidden else _("Your page can be seen again.")
        )
    return redirect("my_page", bib)


@never_cache
@require_POST
@login_required
def claim(request: SignedInRequest) -> HttpResponse:
    """The unclaimed pages with the address that this person has signed in with are theirs."""
    if unclaimed_pages(request.user).exists() and claims.claim(user=request.user, event=current_event()):
        messages.success(request, _("It is yours now."))
    return redirect("me")


@owner_view
def email(request: SignedInRequest) -> HttpResponseBase:
    form = EmailForm(request.POST if request.method == "POST" else None)
    event = current_event()
    if form.is_valid():
        try:
            claims.ask_for_address(
                user=request.user, event=event, new=form.cleaned_data["email"], at_once=has_fresh_mfa(request)
            )
        except services.Refused as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _("We have written to both addresses. Open the link in the mail to the new one."))
            return redirect("me")
    context = {"event": event, "person": request.user, "form": form, "at_once": has_fresh_mfa(request)}
    return render(request, "my/email.html", context, status=422 if form.errors else 200)
