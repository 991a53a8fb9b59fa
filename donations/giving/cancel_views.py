"""Cancelling an entry at the private link of its registration."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from donations.giving import refunds
from donations.giving.cancelling import cancel_entry, consequences
from registration.changes import CannotChange
from registration.forms import CancelForm
from registration.models import Participant
from registration.queries import confirmed_person, person_of, registration_of_link
from registration.views import form_page, private, show


@private
@form_page
def cancel(request: HttpRequest, token: UUID, pk: int) -> HttpResponse:
    """Says what cancelling does to place, page and money; sent, it is done."""
    registration = registration_of_link(token)
    if person_of(registration, pk).status == Participant.Status.CANCELLED:
        # Pressed twice, or the back button.
        return redirect("registration", token)
    person = confirmed_person(token, pk)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            asked = cancel_entry(participant=person, keep_page=not form.hides())
        except (CannotChange, refunds.TooMuch) as error:
            form.add_error(None, str(error))
        else:
            if asked:
                refunds.send(asked)
            messages.success(request, _("The entry of %(name)s is cancelled.") % {"name": person.name})
            return redirect("registration", token)
    said, _cents = consequences(person)
    context = {"registration": registration, "person": person, "said": said}
    return show(request, "cancel", form, event=registration.event, **context)
