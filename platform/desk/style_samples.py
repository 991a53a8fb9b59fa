"""What the style page shows: a line a specimen, the name of its component first, drawn with people who do not exist."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator

LINK = UUID("00000000-0000-4000-8000-000000000000")
WHEN = datetime(2026, 12, 1, 15, 30, tzinfo=UTC)
LONG = "Maximiliana-Konstantina Featherstonehaugh-Wolfeschlegelsteinhausenbergerdorff"
NAMES = ("Breaking Free", "Source", "The Link", "Northside Shelter", "The House", "One More", "Seven", "Eight", "Nine")

# Partials that draw nothing by themselves, or a whole page, and where they are seen.
ELSEWHERE = {
    "board_tools": "/leaderboard",
    "error_page": "/nothing-is-here",
    "exit_first": "/help",
    "live_head": "/leaderboard",
    "live_scripts": "/leaderboard",
    "nav_links": "/",
    "sharing_tags": "/",
    "stamp": "/give",
    "statement": "/charity",
}


@dataclass(frozen=True, slots=True)
class Sample:
    name: str
    state: str
    source: str
    context: Callable[[], dict[str, Any]] = dict


class SampleForm(forms.Form):
    """Fields as the forms of the site have them."""

    preset = forms.ChoiceField(choices=[("25", "$25"), ("50", "$50"), ("100", "$100")], widget=forms.RadioSelect)
    amount = forms.CharField(error_messages={"required": "Choose an amount or enter one."})
    name = forms.CharField(label="Your name", help_text="Shown with your gift, unless you choose otherwise below.")
    message = forms.CharField(label="A message for the page (optional)", widget=forms.Textarea, required=False)
    shown = forms.ChoiceField(
        label="Your name on the page",
        choices=[("full", "My name"), ("first", "My first name"), ("anonymous", "Nobody's name")],
        widget=forms.RadioSelect,
    )
    alias = forms.CharField(label="Another name", required=False)
    amount_hidden = forms.BooleanField(label="Hide the amount", required=False)
    dedication = forms.ChoiceField(label="Dedication", choices=[("", "None"), ("honor", "In honor of")], required=False)
    dedicated_to = forms.CharField(label="Whose name", required=False)
    page = forms.CharField(required=False)


def a_form(prefix: str, wrong: bool = False) -> SampleForm:
    return SampleForm({} if wrong else None, auto_id=f"{prefix}_%s", initial={"preset": "50", "shown": "full"})


def shares(*cents: int) -> list[SimpleNamespace]:
    return [SimpleNamespace(name=NAMES[place], place=place, cents=part, weight=1) for place, part in enumerate(cents)]


def a_gift(name: str = "Halima Warsame", cents: int | None = 10_000, **more: Any) -> SimpleNamespace:
    said = {"public_dedication": "", "public_message": "", "public_thanks": "", "received_at": WHEN}
    return SimpleNamespace(**{"public_name": name, "public_cents": cents, **said, **more})


def a_runner(bib: int = 417, name: str = "Amina Warsame", team: str = "North Loop Striders") -> SimpleNamespace:
    return SimpleNamespace(
        pk=bib,
        bib=bib,
        name=name,
        first_name=name.partition(" ")[0],
        slug="amina-warsame",
        gift_count=3,
        join_request=None,
        team=SimpleNamespace(name=team),
        public_team=SimpleNamespace(name=team) if team else None,
        get_absolute_url="/r/amina-warsame",
    )


def a_team(name: str = "North Loop Striders", raised: int = 44_466, goal: int = 200_000) -> dict[str, Any]:
    team = SimpleNamespace(
        name=name,
        member_count=7,
        raised_cents=raised,
        goal_cents=goal,
        group=None,
        joining="approved",
        get_absolute_url="/t/north-loop-striders",
    )
    return {"team": team, "rank": 2, "members": [SimpleNamespace(page=a_runner(bib)) for bib in (101, 118, 1190)]}


def a_place(first: int) -> dict[str, Any]:
    standings = [
        SimpleNamespace(rank=first + step, score=99_499 - 20_000 * step, holder=a_runner(401 + step, name))
        for step, name in enumerate(("Tou Vang", "Amina Warsame", LONG))
    ]
    return {"places": SimpleNamespace(own=standings[1], size=412, all=standings), "fundraiser": a_runner(402)}


def a_check(unexplained: int = 0, hundred: bool = True) -> dict[str, Any]:
    check = SimpleNamespace(at=WHEN, findings=[], unexplained_cents=unexplained)
    return {"check": check, "hundred": hundred, "short_cents": 4_210}


def a_summary(*cents: int) -> dict[str, Any]:
    lanes = [
        SimpleNamespace(
            name=NAMES[place],
            place=place,
            allocated_cents=part,
            owed_cents=part * 2 // 5,
            paid_cents=part * 3 // 5,
            confirmed_cents=0 if place % 3 == 2 else part * 3 // 5,
            under_way_cents=part * 3 // 5 if place % 3 == 2 else 0,
        )
        for place, part in enumerate(cents)
    ]
    return {"summary": SimpleNamespace(lanes=lanes, allocated_cents=sum(cents))}


def a_pool(filled: int, fees: int) -> dict[str, Any]:
    pool = {"funded_cents": filled, "cover_cents": 16_545, "mended_cents": 0, "fees_cents": fees, "surplus_cents": 0}
    return {"money": SimpleNamespace(**pool, fee_pool_cents=filled + 16_545 - fees)}


def a_share() -> dict[str, Any]:
    ways = [SimpleNamespace(label=label, href="#share") for label in ("Mail", "Text message", "WhatsApp")]
    paper = SimpleNamespace(qr="/static/favicon.svg", letter="#share", a4="#share", name="code.svg")
    words = [
        SimpleNamespace(label="To friends", text="I run on December 9. Fifty dollars is fifty dollars.", ways=ways)
    ]
    address = "https://example.org/r/amina-warsame"
    sheet = SimpleNamespace(
        heading="Share this page",
        address=address,
        to_copy=address,
        title="Amina runs",
        ways=ways,
        paper=paper,
        words_heading="Words for Amina to send",
        words=words,
    )
    return {"share": sheet, "share_open": True}


def own_gift() -> dict[str, Any]:
    gift = a_gift(message_state="waiting")
    receipt = SimpleNamespace(gift=gift, is_received=True)
    return {"receipt": receipt, "payment": SimpleNamespace(link=LINK, email="rosa@example.org")}


def state_of(event_state: str) -> Callable[[], dict[str, Any]]:
    event = SimpleNamespace(state=event_state, starts_at=WHEN, state_note="The concourse is **flooded**.", zone=UTC)
    return lambda: {"event": event}


@dataclass(frozen=True, slots=True)
class Message:
    tags: str
    words: str

    def __str__(self) -> str:
        return self.words


def include(name: str) -> str:
    return f'{{% include "components/{name}.html" %}}'


GIFT = '<ul class="gifts">{% include "components/gift.html" with page=None %}</ul>'
TEAM = '<ul class="team-list">{% include "components/team_row.html" %}</ul>'
RIVER = "{% money_flow summary %}"
TRACK = '<div class="style-track">{% track parts 300000 %}</div>'
RACE = """{% race_marks 332166 1.0 as marks %}<div class="race-scale"><span>{% race_scale marks %}</span></div>
<ol class="race">{% for share, bib in rows %}<li class="racer"><span class="racer-rank num">{{ forloop.counter }}</span>
<span class="racer-name"><b>Runner {{ bib }}</b><span class="muted">A team</span></span>
<span class="racer-track">{% racer share bib marks %}</span><span class="racer-sum num">$1,234</span></li>{% endfor %}
</ol>"""


def a_race() -> dict[str, Any]:
    return {"rows": [(1.0, 7), (0.62, 42), (0.31, 417), (0.04, 10_417), (0.0, 2)]}


def _lanes_of(title: str, parts: Sequence[SimpleNamespace], goal: int, size: str = "m") -> Sample:
    return Sample("lanes", title, "{% lanes parts goal size %}", lambda: {"parts": parts, "goal": goal, "size": size})


DRAWINGS = (
    _lanes_of("nothing yet", shares(0, 0, 0), 100_000),
    _lanes_of("two thirds, small", shares(22_000, 22_000, 22_000), 100_000, "s"),
    _lanes_of("beyond the goal, large", shares(80_000, 80_000, 80_000), 100_000, "l"),
    _lanes_of("one organization", shares(41_000), 100_000),
    _lanes_of("nine of them, dealt unevenly", shares(*range(2_000, 20_000, 2_000)), 180_000),
    Sample("split", "$50.00 to three", "{% split_lanes parts %}", lambda: {"parts": shares(1667, 1667, 1666)}),
    Sample("lanes_end", "three", "{% lanes_end %}"),
    Sample("logo", "three lanes, each a step ahead", "{% logo %}"),
    Sample("racer", "first to last", RACE, a_race),
    Sample("track", "halfway", TRACK, lambda: {"parts": shares(50_000, 50_000, 50_000)}),
    Sample("skyline", "bib 7", "{% skyline 7 %}"),
    Sample("skyline", "bib 418", "{% skyline 418 %}"),
    Sample("bar", "a count beside the longest", "{% bar 3 8 %}"),
    Sample(
        "columns", "two weeks", "{% columns counts %}", lambda: {"counts": [0, 1, 0, 4, 2, 9, 3, 0, 0, 5, 6, 2, 8, 12]}
    ),
)

SAMPLES = (
    Sample("bib", "a runner", "{% bib fundraiser %}", lambda: {"fundraiser": a_runner()}),
    Sample(
        "bib", "long words, a long number", "{% bib fundraiser %}", lambda: {"fundraiser": a_runner(10_417, LONG, LONG)}
    ),
    Sample("plate", "a team", include("plate"), a_team),
    Sample(
        "progress",
        "on the way",
        "{% progress 124000 150000 parts %}",
        lambda: {"parts": shares(41_334, 41_333, 41_333)},
    ),
    Sample(
        "progress",
        "beyond the goal",
        "{% progress 332166 50000 parts %}",
        lambda: {"parts": shares(110_722, 110_722, 110_722)},
    ),
    Sample(
        "milestones",
        "half of it",
        include("milestones"),
        lambda: {"milestones": [(0, True), (25, True), (50, True), (75, False), (100, False)]},
    ),
    Sample("legend", "with amounts", "{% legend parts %}", lambda: {"parts": shares(1667, 1667, 1666)}),
    Sample("legend", "many", "{% legend parts False %}", lambda: {"parts": shares(*range(1, 10))}),
    Sample("amounts", "an amount chosen", include("amounts"), lambda: {"form": a_form("chosen")}),
    Sample("amounts", "an error", include("amounts"), lambda: {"form": a_form("missed", wrong=True)}),
    Sample("field", "empty", "{% field form.name %}", lambda: {"form": a_form("field")}),
    Sample("field", "an error", "{% field form.name %}", lambda: {"form": a_form("wrong", wrong=True)}),
    Sample("field", "many lines", "{% field form.message %}", lambda: {"form": a_form("lines")}),
    Sample("shown", "how a gift is shown", include("shown"), lambda: {"form": a_form("shown")}),
    Sample("errors", "a form with errors", include("errors"), lambda: {"form": a_form("wrong", wrong=True)}),
    Sample("crop", "a photo (with script)", include("crop"), lambda: {"form": {}}),
    Sample(
        "messages",
        "told, done, refused",
        include("messages"),
        lambda: {
            "messages": [
                Message("", "The code was sent."),
                Message("success", "It is changed."),
                Message("error", "Nothing was changed."),
            ]
        },
    ),
    Sample("check", "all agree", include("check"), a_check),
    Sample("check", "not explained", include("check"), lambda: a_check(unexplained=1_250)),
    Sample("check", "the pool is short", include("check"), lambda: a_check(hundred=False)),
    Sample("check", "never checked", include("check"), lambda: {"check": None}),
    Sample("race_state", "postponed", include("race_state"), state_of("postponed")),
    Sample(
        "gift",
        "with words and thanks",
        GIFT,
        lambda: {
            "donation": a_gift(
                public_message="Run slow, talk loud.",
                public_dedication="In honor of Julia",
                public_thanks="Thank you, Grandma!",
            )
        },
    ),
    Sample("gift", "amount hidden", GIFT, lambda: {"donation": a_gift("Coach T", None)}),
    Sample(
        "gift",
        "a long name",
        GIFT,
        lambda: {"donation": a_gift(LONG, 1_000_000, public_message="See you at the finish line. " * 8)},
    ),
    Sample("own_gift", "waiting for a moderator", include("own_gift"), own_gift),
    Sample(
        "update",
        "news",
        include("update"),
        lambda: {"update": SimpleNamespace(created_at=WHEN, text="First **5K** without a stop.")},
    ),
    Sample("place", "between two others", include("place"), lambda: a_place(5)),
    Sample("board_under", "a runner's team", include("board_under"), lambda: {"holder": a_runner()}),
    Sample("team_row", "on the way", TEAM, a_team),
    Sample("team_row", "beyond the goal, a long name", TEAM, lambda: a_team(LONG, 444_666)),
    Sample(
        "page_choices",
        "a page that moves",
        include("page_choices"),
        lambda: {
            "choices": [(a_runner(), 12_500)],
            "form": a_form("choices"),
            "team": SimpleNamespace(name="Nurses of HCMC"),
        },
    ),
    Sample("money_flow", "three organizations", RIVER, lambda: a_summary(522_411, 522_423, 522_413)),
    Sample("money_flow", "one", RIVER, lambda: a_summary(1_567_247)),
    Sample("money_flow", "two", RIVER, lambda: a_summary(300_000, 900_000)),
    Sample("money_flow", "five", RIVER, lambda: a_summary(500_000, 100_000, 250_000, 20_000, 700_000)),
    Sample("pool_flow", "more than half left", "{% pool_flow money %}", lambda: a_pool(250_000, 90_000)),
    Sample("pool_flow", "spent", "{% pool_flow money %}", lambda: a_pool(10_000, 30_000)),
    Sample("merchant", "who receives the payment", include("merchant")),
    Sample("share", "open", include("share"), a_share),
    Sample("pager", "in the middle", "{% pager page_obj %}", lambda: {"page_obj": Paginator(range(500), 50).page(3)}),
    Sample("live_bar", "with script: updates, or paused", include("live_bar")),
    Sample("exit", "leave this page", include("exit")),
)
