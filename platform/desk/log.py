"""The audit log: every write of staff, found again, and taken along as a file."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role, StaffAct, User
from accounts.services import record_act
from common.tables import csv_lines
from desk.forms import SearchForm
from desk.shell import page_of, show
from events.models import Event
from events.queries import current_event


class LogForm(SearchForm):
    """Which acts; what makes no sense narrows nothing."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("Who"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Everybody"),
    )
    verb = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    day = forms.DateField(
        label=gettext_lazy("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        acted = StaffAct.objects.order_by().values("user").distinct()
        self.fields["person"].queryset = User.objects.filter(pk__in=acted).order_by("email")  # type: ignore[attr-defined]
        verbs = StaffAct.objects.order_by("verb").values_list("verb", flat=True).distinct()
        self.fields["verb"].choices = [("", _("Everything")), *((verb, verb) for verb in verbs)]  # type: ignore[attr-defined]

    def acts(self, event: Event) -> QuerySet[StaffAct]:
        """The acts that are asked for, the newest first; a day is one of the event's calendar."""
        self.is_valid()
        said, found = self.cleaned_data, StaffAct.objects.select_related("user")
        if words := said.get("q"):
            found = found.filter(Q(target__icontains=words) | Q(reason__icontains=words))
        if person := said.get("person"):
            found = found.filter(user=person)
        if verb := said.get("verb"):
            found = found.filter(verb=verb)
        if day := said.get("day"):
            ends = [datetime.combine(day + timedelta(days=more), time.min, event.zone) for more in (0, 1)]
            found = found.filter(at__gte=ends[0], at__lt=ends[1])
        return found

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.get(name) for name in self.fields)


@require_safe
@desk_view(Role.ORGANIZER)
def log(request: SignedInRequest) -> HttpResponse:
    event, form = current_event(), LogForm(request.GET)
    found = page_of(request, form.acts(event))
    context = {"event": event, "form": form, "page_obj": found, "asked": request.GET.urlencode()}
    return show(request, "log", "log", context)


@require_safe
@desk_view(Role.ORGANIZER)
def log_csv(request: SignedInRequest) -> StreamingHttpResponse:
    """It leaves the desk, so the log says who took it."""
    event = current_event()
    acts = LogForm(request.GET).acts(event)
    record_act(request=request, verb="exported", target=f"log.csv of {event.slug}")
    head = [_("When"), _("Who"), _("What"), _("Of what"), _("Why"), _("From")]
    answer = StreamingHttpResponse(csv_lines(head, _rows(event, acts)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{event.slug}-log.csv"'
    return answer


def _rows(event: Event, acts: QuerySet[StaffAct]) -> Iterator[list[object]]:
    for act in acts.iterator(1000):
        at = act.at.astimezone(event.zone)
        yield [f"{at:%Y-%m-%d %H:%M:%S%z}", act.user.email, act.verb, act.target, act.reason, act.address]
