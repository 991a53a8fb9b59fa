"""A page on paper: a QR code, and a sheet with the bib to hang up in a kitchen, a shop or an office."""

import hashlib
import secrets
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import segno
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer
from fpdf import FPDF, Align, XPos, YPos
from fpdf.drawing import ClippingPath, PaintedPath

from events.models import Beneficiary, Event
from fundraisers import sharing
from fundraisers.models import Fundraiser
from fundraisers.palette import FONT, INK, INK_2, PAPER, drawable, lane_colour
from teams.models import Team

FORMATS = ("a4", "letter")
# Measures in millimetres.
MARGIN, BIB_HIGH, CORNER = 18.0, 112.0, 6.0
QR_SIDE = 62.0


@dataclass(frozen=True, slots=True)
class Said:
    """What a sheet says of who runs."""

    number: str
    name: str
    under: str
    headline: str
    scan: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The words of the sheet, as they are printed."""

    head: str
    number: str
    name: str
    team: str
    headline: str
    scan: str
    link: str
    address: str
    when: str
    where: str
    lanes: tuple[tuple[str, int], ...]

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr(self).encode()).hexdigest()[:24]


def runner_sheet(page: Fundraiser, event: Event, lanes: list[Beneficiary]) -> Sheet:
    team = page.public_team.name if page.public_team else ""
    said = Said(str(page.bib), page.name, team, page.heading, gettext("Scan to give, or go to"))
    return _sheet(page, said, event, lanes)


def team_sheet(team: Team, event: Event, lanes: list[Beneficiary]) -> Sheet:
    runners = ngettext("%(count)s runner", "%(count)s runners", team.member_count) % {"count": team.member_count}
    headline = gettext("Run with us, or give us a start")
    said = Said(gettext("Team"), team.name, runners, headline, gettext("Scan to join or give, or go to"))
    return _sheet(team, said, event, lanes)


def _sheet(page: Fundraiser | Team, said: Said, event: Event, lanes: list[Beneficiary]) -> Sheet:
    start = event.starts_at.astimezone(event.zone)
    planned = event.state == Event.State.SCHEDULED
    return Sheet(
        head=drawable(event.name),
        number=said.number,
        name=drawable(said.name),
        team=drawable(said.under),
        headline=drawable(said.headline),
        scan=said.scan,
        link=sharing.address(page, "sheet"),
        address=sharing.address(page).partition("://")[2],
        when=date_format(start, "l, F j, Y, g:i A") if planned else str(event.get_state_display()),
        where=drawable(f"{event.venue}, {event.city}"),
        lanes=tuple((drawable(lane.name), lane.place) for lane in lanes if lane.weight),
    )


def qr_svg(address: str) -> bytes:
    """A code that stays readable when a quarter of it is dirty."""
    file = BytesIO()
    segno.make(address, error="q", micro=False).save(
        file, kind="svg", border=4, dark=INK, light=PAPER, xmldecl=False, svgclass=None, lineclass=None, scale=4
    )
    return file.getvalue()


# --- Drawing -----------------------------------------------------------------------------------------------


def draw(sheet: Sheet, paper: str) -> bytes:
    """The sheet as a PDF, all of it lines and letters; `paper` is one of FORMATS."""
    pdf = FPDF(format=paper)
    pdf.set_auto_page_break(False)
    pdf.set_margins(MARGIN, MARGIN, MARGIN)
    pdf.c_margin = 0
    pdf.set_title(f"{sheet.name} · {sheet.head}")
    pdf.set_lang(get_language() or "en")
    for style, weight in (("", 500), ("B", 900)):
        pdf.add_font("Archivo", style, font_file(weight))
    pdf.add_page()
    _bib(pdf, sheet)
    _headline(pdf, sheet)
    _scan(pdf, sheet)
    _lanes(pdf, sheet)
    return bytes(pdf.output())


def _bib(pdf: FPDF, sheet: Sheet) -> None:
    _stripes(pdf, sheet)
    pdf.set_draw_color(INK)
    pdf.set_line_width(0.8)
    pdf.rect(MARGIN, MARGIN, pdf.epw, BIB_HIGH, round_corners=True, corner_radius=CORNER)
    for x in (MARGIN + 12, pdf.w - MARGIN - 12):
        pdf.circle(x, MARGIN + 12, 3)
    _line(pdf, sheet.head, 15, 9, INK_2, room=pdf.epw - 40)
    pdf.set_char_spacing(-5)
    _line(pdf, sheet.number, 160, 45, INK, bold=True)
    pdf.set_char_spacing(0)
    _line(pdf, sheet.name, 34, 78, INK, bold=True)
    _line(pdf, sheet.team, 17, 91, INK_2)


def _stripes(pdf: FPDF, sheet: Sheet) -> None:
    """Cut by the round corners of the bib."""
    high = 13 / len(sheet.lanes)
    with pdf.drawing_context() as context:
        for row, (_name, place) in enumerate(sheet.lanes):
            stripe = PaintedPath()
            stripe.style.fill_color, stripe.style.stroke_color = lane_colour(place), None
            stripe.clipping_path = ClippingPath()
            stripe.clipping_path.rectangle(MARGIN, MARGIN, pdf.epw, BIB_HIGH, CORNER, CORNER)
            stripe.rectangle(MARGIN, MARGIN + BIB_HIGH - 13 + row * high, pdf.epw, high - (row + 1 < len(sheet.lanes)))
            context.add_item(stripe)


def _line(pdf: FPDF, words: str, size: float, middle: float, colour: str, bold: bool = False, room: float = 0) -> None:
    """One line in the middle of the bib, smaller where it would not fit."""
    size = _fit(pdf, words, size, room or pdf.epw - 20, bold)
    pdf.set_text_color(colour)
    high = size * 0.3528
    pdf.set_xy(MARGIN, MARGIN + middle - high / 2)
    pdf.cell(pdf.epw, high, words, align=Align.C)


def _fit(pdf: FPDF, words: str, size: float, room: float, bold: bool) -> float:
    """Sets the type as large as asked, or as the room allows."""
    pdf.set_font("Archivo", "B" if bold else "", size)
    if (width := pdf.get_string_width(words)) > room:
        size *= room / width
        pdf.set_font_size(size)
    return size


def _headline(pdf: FPDF, sheet: Sheet) -> None:
    pdf.set_xy(MARGIN, MARGIN + BIB_HIGH + 10)
    pdf.set_text_color(INK)
    size = 26 if len(sheet.headline) < 70 else 20
    pdf.set_font("Archivo", "B", size)
    pdf.multi_cell(pdf.epw, size * 0.38, sheet.headline, align=Align.L)


def _scan(pdf: FPDF, sheet: Sheet) -> None:
    top = pdf.h - MARGIN - 22 - QR_SIDE
    _qr(pdf, sheet.link, MARGIN, top)
    left = MARGIN + QR_SIDE + 10
    host, slash, path = sheet.address.partition("/")
    pdf.set_y(top + 3)
    for words, size, bold, colour in (
        (sheet.scan, 15, False, INK_2),
        (host, 20, True, INK),
        (slash + path, 20, True, INK),
        ("", 10, False, INK),
        (sheet.when, 14, True, INK),
        (sheet.where, 14, False, INK_2),
    ):
        pdf.set_x(left)
        _fit(pdf, words, size, pdf.w - MARGIN - left, bold)
        pdf.set_text_color(colour)
        pdf.cell(0, size * 0.5, words, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _qr(pdf: FPDF, link: str, left: float, top: float) -> None:
    """Runs of dark modules, each a hair higher than its row, so that no white line shows between rows."""
    rows = list(segno.make(link, error="q", micro=False).matrix)
    side = QR_SIDE / len(rows)
    pdf.set_fill_color(INK)
    for y, row in enumerate(rows):
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end]:
                end += 1
            if end > start:
                pdf.rect(left + start * side, top + y * side, (end - start) * side, side * 1.02, style="F")
            start = end + 1


def _lanes(pdf: FPDF, sheet: Sheet) -> None:
    """Whom it is for, each with the colour of its lane."""
    pdf.set_font("Archivo", "B", 13)
    pdf.set_text_color(INK)
    x, y = MARGIN, pdf.h - MARGIN - 8
    for name, place in sheet.lanes:
        pdf.set_fill_color(lane_colour(place))
        pdf.rect(x, y + 1.2, 8, 3.6, style="F", round_corners=True, corner_radius=1.8)
        pdf.set_xy(x + 10.5, y)
        pdf.cell(0, 6, name)
        x += 10.5 + pdf.get_string_width(name) + 9


@cache
def font_file(weight: int) -> Path:
    """The font at one weight, cut once: a PDF cannot hold a variable one."""
    path = Path(settings.VAR_DIR) / "fonts" / f"archivo-{weight}.ttf"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{secrets.token_hex(4)}.part")
        instancer.instantiateVariableFont(
            TTFont(FONT, recalcTimestamp=False), {"wdth": 100, "wght": weight}, inplace=True
        ).save(part)
        part.replace(path)
    return path
