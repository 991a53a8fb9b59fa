"""Letters to the list: written, shown as they will be, counted, sent off, and sent in batches that may break off."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from accounts.models import User
from common import clock
from events.models import Event
from outreach import services
from outreach.models import OutboxMail, Topic
from outreach.news.emails import letter_to, sample
from outreach.news.models import Letter
from outreach.news.queries import State, audience, counts, left_of, letters_of_month, mails_of, prefix

# As long a letter that was sent off can be taken back whole.
GRACE = timedelta(minutes=5)
# In one turn, and at most so many in the outbox: a mail server that says "later" is not pressed further.
BATCH = 200
Status = OutboxMail.Status


class Changed(Exception):
    """The letter, or whom it goes to, is not what was shown. Nothing was done."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A dry run: who gets a letter, who does not and why, and how many letters there were in 30 days."""

    gets: int
    states: dict[State, int]
    lately: int


def plan() -> Plan:
    return Plan(gets=audience(clock.now()).count(), states=counts(), lately=letters_of_month())


def _locked(number: int, *states: Letter.State) -> Letter:
    """The letter, held until the transaction ends. Raises Changed when it is in none of these states any more."""
    letter = Letter.objects.select_for_update(of=("self",)).select_related("event").filter(pk=number).first()
    if letter is None or letter.state not in states:
        raise Changed
    return letter


# --- Writing ------------------------------------------------------------------------------------------------


def write(*, event: Event, subject: str, text: str, by: User) -> Letter:
    return Letter.objects.create(event=event, subject=subject, text=text, by=by)


@transaction.atomic
def rewrite(*, letter: Letter, subject: str, text: str, edition: int) -> None:
    """Other words for a draft. Raises Changed when somebody else wrote meanwhile: theirs stay."""
    drafts = Letter.objects.filter(pk=letter.pk, state=Letter.State.DRAFT, edition=edition)
    if not drafts.update(subject=subject, text=text, edition=F("edition") + 1):
        raise Changed


@transaction.atomic
def throw_away(*, letter: Letter) -> None:
    """Raises Changed for one that is no draft."""
    _locked(letter.pk, Letter.State.DRAFT).delete()


def send_sample(*, letter: Letter, to: str) -> None:
    """The letter to whoever writes it, as its readers get it."""
    tests = f"newsletter-test:{letter.pk}:"
    before = OutboxMail.objects.filter(key__startswith=tests).count()
    services.queue([sample(letter, to, f"{tests}{before + 1}")])


# --- Sending ------------------------------------------------------------------------------------------------


@transaction.atomic
def send_off(*, letter: Letter, gets: int, edition: int) -> None:
    """Sends a draft off to all who have confirmed; the first mail leaves after GRACE.

    `gets` and `edition` are what the dry run showed. Raises Changed when one of them is not so any more.
    """
    draft, now = _locked(letter.pk, Letter.State.DRAFT), clock.now()
    if draft.edition != edition or audience(now).count() != gets or not gets:
        raise Changed
    draft.state, draft.pressed_at, draft.planned = Letter.State.SENDING, now, gets
    draft.save(update_fields=["state", "pressed_at", "planned"])


@transaction.atomic
def take_back(*, letter: Letter) -> None:
    """A letter of which nothing has left becomes a draft again. Raises Changed when a mail is written."""
    sent_off = _locked(letter.pk, Letter.State.SENDING, Letter.State.PAUSED)
    if mails_of(sent_off).exists():
        raise Changed
    sent_off.state, sent_off.pressed_at, sent_off.planned = Letter.State.DRAFT, None, 0
    sent_off.save(update_fields=["state", "pressed_at", "planned"])


@transaction.atomic
def pause(*, letter: Letter) -> None:
    """Nothing more leaves, not even what waits in the outbox: it is written anew when the letter goes on."""
    held = _locked(letter.pk, Letter.State.SENDING, Letter.State.SENT)
    waiting = mails_of(held).filter(status=Status.WAITING)
    if held.state == Letter.State.SENT and not waiting.exists():
        raise Changed
    waiting.delete()
    Letter.objects.filter(pk=held.pk).update(state=Letter.State.PAUSED)


@transaction.atomic
def go_on(*, letter: Letter) -> None:
    _locked(letter.pk, Letter.State.PAUSED)
    Letter.objects.filter(pk=letter.pk).update(state=Letter.State.SENDING)


def send_on() -> int:
    """One turn: writes the next mails of each letter on its way, and sends what waits. Returns how many were sent."""
    due = Letter.objects.filter(state=Letter.State.SENDING, pressed_at__lte=clock.now() - GRACE)
    for number in due.order_by("pk").values_list("pk", flat=True):
        _write_mails(number)
    return services.send_waiting(BATCH, news=True)


@transaction.atomic
def _write_mails(number: int) -> None:
    try:
        letter = _locked(number, Letter.State.SENDING)
    except Changed:
        return
    room = BATCH - OutboxMail.objects.filter(topic=Topic.NEWS, status=Status.WAITING).count()
    if room <= 0:
        return
    people = list(left_of(letter)[:room])
    services.queue(letter_to(person, letter, f"{prefix(letter)}{person.pk}") for person in people)
    if len(people) < room:
        Letter.objects.filter(pk=number).update(state=Letter.State.SENT)
