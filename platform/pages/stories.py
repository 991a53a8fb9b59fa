"""Stories: told in their own words, each behind a note; sent by anybody, and taken back by who sent them."""

from functools import wraps
from typing import Any
from uuid import uuid4

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from common.http import View
from common.stamps import StampedForm
from common.text import one_line
from common.tries import is_within, status_of
from events.models import Story
from events.queries import current_event, public_stories
from outreach import stories as telling
from outreach.tokens import carried_by
from pages.cached import cached_list, cached_page

# Of one address: a person reads them all.
STORIES = (RateLimitItemPerMinute(5, namespace="stories"), RateLimitItemPerHour(20, namespace="stories"))
STORIES_A_PAGE = 20
AGREED = ("mine", "grown", "publish", "quote")
SEND_AGAIN = _("Something was missing from the form. Please send it once more.")
WRONG_EMAIL = _("Enter an e-mail address like name@example.org, so that we can send you your private link.")


class StoryForm(StampedForm):
    """What somebody tells, under which name, and three things they agree to: each a box of its own, none ticked."""

    text = forms.CharField(
        label=_("Your story"),
        help_text=_("As long or short as you like. Leave out names and places that could lead somebody to you."),
        max_length=10_000,
        error_messages={"required": _("Write your story.")},
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    name = forms.CharField(
        label=_("Name to show with it (optional)"),
        help_text=_("A first name or an invented one is fine. Without one it says “Somebody”."),
        required=False,
        max_length=60,
        validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    content_note = forms.CharField(
        label=_("What does it speak of? (optional)"),
        help_text=_("A few words that stand before it, so that readers can choose. For example: speaks of violence."),
        required=False,
        max_length=200,
        validators=[one_line],
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("Never shown. You get a private link to withdraw your story; we write if we have a question."),
        max_length=254,
        error_messages={"required": WRONG_EMAIL, "invalid": WRONG_EMAIL},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    mine = forms.BooleanField(
        label=_("This is my own story, and I tell it by my own choice."),
        error_messages={"required": _("Say that it is your own story. We cannot publish somebody else's.")},
    )
    grown = forms.BooleanField(
        label=_("I am 18 or older, or my parent or guardian agrees."),
        error_messages={"required": _("Say that you are 18 or older, or that your parent or guardian agrees.")},
    )
    publish = forms.BooleanField(
        label=_("You may publish it on this site, shortened if need be, until I withdraw it."),
        error_messages={"required": _("Say that we may publish it. Otherwise please do not send it.")},
    )
    quote = forms.BooleanField(
        label=_("You may also quote one sentence of it on the home page (optional)."), required=False
    )
    form_token = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": SEND_AGAIN, "invalid": SEND_AGAIN}
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"form_token": uuid4()})

    def boxes(self) -> list[forms.BoundField]:
        return [self[name] for name in AGREED]

    def told(self) -> telling.Told:
        """What was sent, with the sentences that were agreed to as they stood beside the boxes."""
        data = self.cleaned_data
        agreed = [str(self.fields[name].label) for name in AGREED if data[name]]
        return telling.Told(
            data["text"], data["name"], data["email"].lower(), data["content_note"], data["quote"], agreed
        )


@cached_list
def stories(request: HttpRequest) -> HttpResponse:
    event = current_event()
    found = Paginator(public_stories(event), STORIES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "stories.html", {"event": event, "page_obj": found})


@cached_page
def story(request: HttpRequest, slug: str) -> HttpResponse:
    event = current_event()
    return render(request, "story.html", {"event": event, "story": get_object_or_404(public_stories(event), slug=slug)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest) -> HttpResponse:
    event = current_event()
    form = StoryForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and is_within(request, form, STORIES):
        telling.submit(event=event, told=form.told(), form_token=form.cleaned_data["form_token"])
        return redirect("story_told")
    return render(request, "story_tell.html", {"event": event, "form": form}, status=status_of(form))


@never_cache
@require_safe
def told(request: HttpRequest) -> HttpResponse:
    """Says nothing of the story: the next person at this computer may go back to it."""
    return render(request, "story_told.html", {"event": current_event()})


def _own(view: View) -> View:
    """Behind a private link: kept by nobody, and no other site hears its address."""

    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "same-origin"
        return response

    return answer


@_own
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, token: str) -> HttpResponse:
    """How a story stands, for who sent it; a press withdraws it."""
    story = _story_of(token)
    if request.method == "POST":
        telling.withdraw(story=story)
        return redirect("story_own", token)
    return render(request, "story_own.html", {"event": story.event, "story": story})


def _story_of(token: str) -> Story:
    """The guard: 404 for a link that is not ours. It does not expire: an author can withdraw at any time."""
    number = carried_by(telling.LINK, token)
    found = Story.objects.select_related("event").filter(pk=number).first() if isinstance(number, int) else None
    if found is None:
        raise Http404
    return found
