"""The demo's mailing list: a few dozen readers, a letter that was sent, one that is being written."""

from accounts.models import User
from events.models import Event
from outreach.models import Suppression
from outreach.news import letters, subscribing
from outreach.news.models import Subscriber

Reason = Suppression.Reason
READERS = [
    "ava",
    "bao",
    "carlos",
    "deqa",
    "elena",
    "farah",
    "grace",
    "hodan",
    "ivan",
    "julia",
    "kwame",
    "lena",
    "mai",
    "nimo",
    "oscar",
    "pa",
    "pete",
    "quinn",
    "rosa",
    "sahra",
    "tou",
    "uma",
    "vang",
    "warsan",
    "xee",
    "yusuf",
    "zoe",
    "amal",
    "ben",
    "chue",
    "dana",
    "emma",
    "fatuma",
    "gao",
    "hans",
    "ilhan",
]
UNDECIDED, GONE = 4, ("ivan", "pete")
FIRST = """Thank you for reading along. Registration is open, the first teams are on the board, and the first gifts have
been allocated to the three, to the cent.

- **Run or walk** with us: [register](/register), prices rise with the dates named there.
- **Help on the day**: tables, water, cheering. [See where hands are needed](/volunteer).
- **Follow the money**: [what came in and what went out](/money), every day.

See you at the start.
"""
DRAFT = """One week to go. Bib pickup, parking and the schedule in one place, and what we have reached together so far.

## On the day

Doors open an hour before the start.
"""


def gather(event: Event) -> None:
    """People sign up and press in the mail; a few have not yet, two have left, one cannot be reached."""
    for number, name in enumerate(READERS, start=1):
        email, network = f"{name}@readers.example", f"198.51.100.{number}"
        subscribing.sign_up(email=email, network=network, event=event)
        person = Subscriber.objects.get(email=email)
        if number > UNDECIDED:
            subscribing.confirm(number=person.pk, asked=person.asked_at.timestamp(), network=network)
        if name in GONE:
            subscribing.leave(person=person)
    subscribing.take_off(emails=["quinn@readers.example"], reason=Reason.BOUNCED)


def write(event: Event, author: User) -> None:
    """A letter is sent off, and another one begun. The first leaves when its minutes are over: see `send`."""
    first = letters.write(event=event, subject="The first teams, and where your gifts went", text=FIRST, by=author)
    letters.send_off(letter=first, gets=letters.plan().gets, edition=first.edition)
    letters.write(event=event, subject="One week to go", text=DRAFT, by=author)


def send() -> None:
    """Once the demo's clock has moved on."""
    while letters.send_on():
        pass
