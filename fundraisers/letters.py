"""A letter as a PDF: receipts and statements, in the look of the site, on as many sheets as it takes."""

from collections.abc import Sequence

from django.utils.translation import get_language
from fpdf import FPDF, Align, XPos, YPos

from fundraisers.palette import INK, INK_2, drawable, lane_colour
from fundraisers.sheets import font_file

# Millimetres. A plain line is five high.
MARGIN, LINE, LABEL = 22.0, 5.0, 46.0
RULE = "#ddd6c8"


class _Paper(FPDF):
    """Letter paper whose foot says whose it is, on every sheet."""

    foot = ""

    def footer(self) -> None:
        self.set_y(-16)
        self.set_font("Archivo", "", 8)
        self.set_text_color(INK_2)
        self.cell(self.epw - 20, LINE, self.foot)
        self.cell(20, LINE, f"{self.page_no()} / {{nb}}", align=Align.R)


class Letter:
    """Written from the top down; `head` is whose it is, `foot` who answers for it."""

    def __init__(self, head: str, title: str, foot: str) -> None:
        self.pdf = pdf = _Paper(format="letter")
        pdf.foot = drawable(foot)
        pdf.set_margins(MARGIN, MARGIN, MARGIN)
        pdf.set_auto_page_break(True, 24)
        pdf.c_margin = 0
        pdf.set_title(f"{title} · {head}")
        pdf.set_lang(get_language() or "en")
        for style, weight in (("", 500), ("B", 900)):
            pdf.add_font("Archivo", style, font_file(weight))
        pdf.add_page()
        self._logo()
        self._line(head, 11, INK, bold=True, x=MARGIN + 14)
        pdf.ln(12)
        self._line(title, 24, INK, bold=True)
        pdf.ln(3)

    def sum(self, words: str) -> None:
        self._line(words, 34, INK, bold=True)
        self.pdf.ln(4)

    def rows(self, rows: Sequence[tuple[str, str]]) -> None:
        """What it is on the left, what it says on the right; a rule between."""
        pdf = self.pdf
        pdf.set_draw_color(RULE)
        for label, value in rows:
            pdf.set_font("Archivo", "", 10)
            if pdf.will_page_break(3 * LINE):
                pdf.add_page()
            top = pdf.get_y() + 1.6
            pdf.line(MARGIN, top - 1.6, pdf.w - MARGIN, top - 1.6)
            pdf.set_text_color(INK_2)
            pdf.set_xy(MARGIN, top)
            pdf.cell(LABEL, LINE, label)
            pdf.set_text_color(INK)
            pdf.multi_cell(pdf.epw - LABEL, LINE, drawable(value), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            pdf.ln(1.6)
        pdf.ln(4)

    def lanes(self, parts: Sequence[tuple[str, int, str]]) -> None:
        """An organization a line, with the colour of its lane: name, place, sum."""
        pdf = self.pdf
        for name, place, words in parts:
            pdf.set_fill_color(lane_colour(place))
            pdf.rect(MARGIN, pdf.get_y() + 0.9, 8, 3.2, style="F", round_corners=True, corner_radius=1.5)
            pdf.set_x(MARGIN + 12)
            pdf.set_font("Archivo", "", 11)
            pdf.set_text_color(INK)
            pdf.cell(pdf.epw - 52, LINE, drawable(name))
            pdf.cell(40, LINE, words, align=Align.R, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            pdf.ln(1.5)
        pdf.ln(4)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], numbers: int) -> None:
        """Its last `numbers` columns stand right; the head comes again on every sheet."""
        pdf = self.pdf
        pdf.set_font("Archivo", "", 9)
        pdf.set_text_color(INK)
        pdf.set_draw_color(RULE)
        pdf.set_fill_color("#ffffff")
        align = ["LEFT"] * (len(head) - numbers) + ["RIGHT"] * numbers
        with pdf.table(
            col_widths=tuple(widths), text_align=tuple(align), borders_layout="HORIZONTAL_LINES", line_height=LINE,
            padding=(1.2, 1.5, 1.2, 0),
        ) as table:  # fmt: skip
            for row in (head, *rows):
                table.row([drawable(cell) for cell in row])
        pdf.ln(5)

    def words(self, text: str) -> None:
        pdf = self.pdf
        pdf.set_font("Archivo", "", 10)
        pdf.set_text_color(INK)
        pdf.multi_cell(pdf.epw, LINE, drawable(text), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        pdf.ln(2)

    def file(self) -> bytes:
        return bytes(self.pdf.output())

    def _logo(self) -> None:
        """Three lanes, each a step ahead."""
        for number in range(3):
            self.pdf.set_fill_color(lane_colour(number))
            x, y = MARGIN + 1.2 * number, MARGIN - 0.6 + number * 2.2
            self.pdf.rect(x, y, 7, 1.5, style="F", round_corners=True, corner_radius=0.7)

    def _line(self, words: str, size: float, colour: str, bold: bool = False, x: float = MARGIN) -> None:
        pdf = self.pdf
        pdf.set_font("Archivo", "B" if bold else "", size)
        pdf.set_text_color(colour)
        pdf.set_x(x)
        high = size * 0.45
        pdf.multi_cell(0, high, drawable(words), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
