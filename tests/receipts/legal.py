"""An event in either legal mode, and what is read from papers."""

import re

import pypdfium2

from events.models import Event
from tests.factories import an_event


def a_charity(**more: object) -> Event:
    """The event, run by a charity; an entry is worth $30.00 of what it costs."""
    event = an_event()
    event.legal_mode, event.ein, event.legal_name = Event.LegalMode.CHARITY, "12-3456789", "Run for Freedom"
    for name, value in more.items():
        setattr(event, name, value)
    event.save()
    event.options.update(fair_value_cents=3000)
    return event


def words_of(pdf: bytes) -> str:
    """What a PDF says, sheet after sheet, on one line."""
    assert pdf.startswith(b"%PDF")
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def plain(html: str) -> str:
    """A page's words, without its tags, on one line."""
    text = re.sub(r"<[^>]+>", " ", html)
    for code, sign in (("&#x27;", "'"), ("&amp;", "&"), ("&quot;", '"')):
        text = text.replace(code, sign)
    return re.sub(r"\s+([.,])", r"\1", " ".join(text.split()))
