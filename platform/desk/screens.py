"""Screens at the race: an organizer makes one, takes its address to the device, and switches it off."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role, User
from accounts.services import record_act
from common.text import one_line
from desk.shell import CHANGED, page_of, show
from screens.models import Screen
from screens.queries import screens_of_desk
from screens.services import add_screen, revoke_screen


class ScreenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("What you call it"),
        max_length=60,
        validators=[one_line],
        error_messages={"required": gettext_lazy("Enter a name, such as Finish line.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    place = forms.CharField(
        label=gettext_lazy("Where it stands (optional)"),
        max_length=80,
        required=False,
        validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    invites = forms.ChoiceField(
        label=gettext_lazy("What its code invites to"),
        choices=Screen.Invites.choices,
        initial=Screen.Invites.GIVE,
        widget=forms.RadioSelect,
    )
    shows_thanks = forms.BooleanField(
        label=gettext_lazy("Show what runners wrote to thank their givers"),
        help_text=gettext_lazy("Those that everybody may read on their pages. Most were read by nobody of us first."),
        required=False,
    )


@transaction.atomic
def add(*, request: HttpRequest, by: User, form: ScreenForm) -> tuple[Screen, str]:
    screen, token = add_screen(**form.cleaned_data, by=by)
    record_act(request=request, verb="made a screen", target=f"screen {screen.pk}", reason=screen.name)
    return screen, token


@transaction.atomic
def switch_off(*, request: HttpRequest, screen: Screen) -> bool:
    """False when it was off already, and there is nothing to write down."""
    done = revoke_screen(screen=screen)
    if done:
        record_act(request=request, verb="switched off a screen", target=f"screen {screen.pk}", reason=screen.name)
    return done


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER)
def screens(request: SignedInRequest) -> HttpResponse:
    """The address is shown here and now, once: a redirect would have to keep it somewhere."""
    form = ScreenForm(request.POST if request.method == "POST" else None)
    made, address = None, ""
    if form.is_valid():
        made, token = add(request=request, by=request.user, form=form)
        form, address = ScreenForm(), settings.SITE_URL + reverse("screen", args=[token])
    context = {"form": form, "made": made, "address": address, "page_obj": page_of(request, screens_of_desk())}
    return show(request, "screens", "screens", context, 422 if form.errors else 200)


@require_POST
@desk_view(Role.ORGANIZER)
def revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    screen = get_object_or_404(Screen, pk=pk)
    if switch_off(request=request, screen=screen):
        messages.success(request, _("%(name)s is off. It goes dark within seconds.") % {"name": screen.name})
    else:
        messages.warning(request, CHANGED)
    return redirect("desk_screens")
