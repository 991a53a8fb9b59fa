"""Names that look alike have one skeleton, names that do not have two."""

from string import ascii_letters

import pytest
from confusable_homoglyphs.confusables import confusables_data
from hypothesis import given
from hypothesis import strategies as st

from common.lookalikes import skeleton

NAME = "North Loop"


@pytest.mark.parametrize(
    "other",
    [
        *("north loop", "NORTH LOOP", "North-Loop", "  North   Loop  ", "North Loop!", "Nörth Lóop", "N0rth L00p"),
        *(
            "\u039d\u043erth L\u043e\u043ep",
            "\uff2eorth \uff2coop",
            "\U0001d40dorth Loop",
            "North\u200bLoop",
            "North Ioop",
            "North 1oop",
            "\u2c9aorth Loop",
        ),
    ],
)
def test_these_pass_for_each_other(other: str) -> None:
    assert skeleton(other) == skeleton(NAME)


@pytest.mark.parametrize("other", ["South Loop", "North Loops", "North Lop", "North", "", "ሰላም", "🏃"])
def test_these_do_not(other: str) -> None:
    assert skeleton(other) != skeleton(NAME)


def test_names_in_other_scripts_keep_their_letters() -> None:
    assert len({skeleton(name) for name in ("ሰላም", "ሩጫ", "团队", "團結", "🏃", "🏃🏃", "Đội", "Kooxda")}) == 8


def test_every_letter_that_unicode_calls_alike_is_seen() -> None:
    """Each letter put in the place of the one it passes for: more than a thousand ways to write as many names."""
    alike = [
        (plain, letter)
        for plain in ascii_letters
        for letter in (other["c"] for other in confusables_data[plain])
        if len(letter) == 1 and letter.isalpha()
    ]
    assert len(alike) > 1000
    missed = [(plain, letter) for plain, letter in alike if skeleton(f"x{letter}x") != skeleton(f"x{plain}x")]
    assert missed == []


@given(st.text(max_size=80))
def test_it_is_steady_and_not_long(name: str) -> None:
    bare = skeleton(name)
    assert skeleton(name.upper()) == skeleton(name.upper().upper())
    assert skeleton(f" {name} ") == bare or not any(letter.isalnum() for letter in name)
