"""Who helps at the demo's race: shifts made at the desk, offers by the public form, places taken by private link."""

import re
from datetime import timedelta

from demo.mailbox import newest_mail
from demo.visitor import Lost, Visitor
from events.queries import current_event

# Phase, name, hours from the start, length, places, where, what one does.
SHIFTS = (
    ("before", "Pack bibs and shirts", -40, 3, 8, "North Loop office", "A bib, four pins and a shirt into each bag."),
    ("during", "Check-in", -2.5, 2.5, 6, "Gate 29", "Find people on the list, hand out bibs, smile."),
    ("during", "Course marshal", -1, 3, 10, "Concourse, section 120", "Stand at your corner, cheer, point the way."),
    ("during", "Water station", -0.5, 2.5, 4, "Section 134", "Fill cups, hand them out, pick them up."),
    ("after", "Clear up", 2, 2, 8, "Gate 34", "Fold tables, leave it as we found it."),
)
# Who offers, what they would like, and the shift they take.
PEOPLE = (
    ("Maya Olson", "Check-in, I did it last year", "Check-in"),
    ("Ben Lund", "Anything in the morning", "Check-in"),
    ("Ida Berg", "Water or cheering", "Water station"),
    ("Hawa Ali", "I speak Somali", "Check-in"),
    ("Jorge Garcia", "Clearing up, I have a van", "Clear up"),
    ("Mee Vang", "Cheering", "Course marshal"),
    ("Karen Peterson", "Photos", ""),
    ("Ole Nguyen", "I can bring eight people from work", ""),
)


def volunteers(site: str, staff: Visitor) -> None:
    """Plays it all; `staff` is an organizer or a coordinator, signed in."""
    _make_shifts(staff)
    for number, (name, wish, shift) in enumerate(PEOPLE):
        visitor, email = Visitor(site, 150 + number), f"{name.partition(' ')[0].lower()}@volunteers.example"
        visitor.open("/volunteer/offer").send("wish", name=name, email=email, wish=wish).expect(
            "Look into your mailbox"
        )
        if shift:
            _take(visitor.open(newest_mail(site, email, r"(/volunteer/[0-9a-f-]{36})")), shift)
    _answer(staff, PEOPLE[-1][0])


def _make_shifts(staff: Visitor) -> None:
    event = current_event()
    for phase, name, hours, length, places, where, about in SHIFTS:
        begins = (event.starts_at + timedelta(hours=hours)).astimezone(event.zone)
        ends = begins + timedelta(hours=length)
        words = {"name": name, "phase": phase, "meeting_point": where, "about": about, "places": str(places)}
        words |= {"day": f"{begins:%Y-%m-%d}", "begins": f"{begins:%H:%M}", "ends": f"{ends:%H:%M}"}
        staff.open("/desk/shifts/new").send("places", **words).expect("is on the public page")


def _take(visitor: Visitor, shift: str) -> None:
    link = re.search(rf'<h3>{shift}</h3>.*?href="(/volunteer/[^"]+/take/\d+)"', visitor.page.text, re.DOTALL)
    if not link:
        raise Lost(f"{visitor.page.url} does not offer {shift}")
    visitor.open(link[1]).press("^$").expect("You are in")


def _answer(staff: Visitor, name: str) -> None:
    """The coordinator writes back to one of them."""
    link = re.search(rf'href="(/desk/volunteers/\d+)">{name}', staff.open("/desk/volunteers").page.text)
    if not link:
        raise Lost(f"{staff.page.url} does not show {name}")
    words = {"subject": "Your eight people", "text": "How about the course, together? It begins at eight."}
    staff.open(f"{link[1]}/message").send("subject", **words).expect("Nothing has been sent yet")
    staff.send("subject", **words, confirm="1").expect("is on its way")
