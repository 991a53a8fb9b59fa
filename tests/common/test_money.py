"""Text to cents and back."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from common.money import dollars, parse_amount, short_dollars


@given(cents=st.integers(0, 99_999_999_999))
def test_what_is_written_is_read_again(cents: int) -> None:
    assert parse_amount(dollars(cents)) == cents
    assert parse_amount(f"{cents // 100}.{cents % 100:02}") == cents


@given(text=st.text(max_size=20))
def test_any_text_is_an_amount_or_a_sentence(text: str) -> None:
    try:
        cents = parse_amount(text)
    except ValidationError:
        return
    assert type(cents) is int
    assert 0 <= cents < 10**14


@given(text=st.text("0123456789.,-+eE$ _xNaInfty\u0665\uff15\n", max_size=14))
def test_nearly_amounts_are_read_exactly_or_refused(text: str) -> None:
    try:
        cents = parse_amount(text)
    except ValidationError:
        return
    plain = text.strip().removeprefix("$").strip().replace(",", "")
    whole, _dot, part = plain.partition(".")
    assert cents == int(whole) * 100 + int((part + "00")[:2])


@pytest.mark.parametrize(
    ("cents", "long", "short"),
    [
        (0, "$0.00", "$0"),
        (5, "$0.05", "$0.05"),
        (123_456_700, "$1,234,567.00", "$1,234,567"),
        (-5000, "-$50.00", "-$50"),
        (10**15 + 1, "$10,000,000,000,000.01", "$10,000,000,000,000.01"),
    ],
)
def test_amounts_are_shown_to_the_cent(cents: int, long: str, short: str) -> None:
    assert (dollars(cents), short_dollars(cents)) == (long, short)
