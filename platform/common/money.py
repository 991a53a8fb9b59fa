"""Text to cents and back: nowhere else. Money is integer US cents everywhere, and never a float."""

import re
from decimal import Decimal

from babel.numbers import format_currency
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

# At most this much in one gift: Stripe takes 99,999,999 cents, and a typing error should not get near it.
MAX_GIFT_CENTS = 10_000_000
MIN_GIFT_CENTS = 100

_AMOUNT = re.compile(r"\$?\s*([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})(?:\.([0-9]{1,2}))?", re.ASCII)


def parse_amount(text: str) -> int:
    """Cents from what a person types: `50`, `50.00`, `$1,000`.

    Raises ValidationError for everything else (signs, exponents, `1,00`, full-width digits, NaN): a donor sees
    a sentence and the value stays in the field.
    """
    match = _AMOUNT.fullmatch(text.strip())
    if not match:
        raise ValidationError(_("Enter an amount in dollars, like 50 or 50.00."), code="amount")
    dollars, cents = match.groups()
    return int(dollars.replace(",", "")) * 100 + int((cents or "0").ljust(2, "0"))


# Never between digits: `12 50` is nothing.
_SPACES = re.compile(r"(?<![0-9])\s+|\s+(?![0-9])")
_SIGNED = re.compile(
    r"([+-]?)\$?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,10}|(?=\.[0-9]))(?:\.([0-9]{1,2})0*|\.)?(-?)", re.ASCII
)


def signed_cents(text: str) -> int:
    """Cents from what a bank writes: `-1,234.56`, `(12.34)`, `12.34-`, `+$5`. Raises ValueError for everything else."""
    bare = _SPACES.sub("", text).replace("\u2212", "-").removesuffix("USD").replace("$-", "-$")
    turned = bare.startswith("(") and bare.endswith(")")
    match = _SIGNED.fullmatch(bare[1:-1] if turned else bare)
    signs = [turned, bool(match and match[1]), bool(match and match[4])]
    if not match or sum(signs) > 1:
        raise ValueError(text)
    cents = int(match[2].replace(",", "") or "0") * 100 + int((match[3] or "0").ljust(2, "0"))
    return -cents if turned or match[1] == "-" or match[4] else cents


def dollars(cents: int) -> str:
    """`$1,234.50` in the reader's language; the sign stands before the currency."""
    return format_currency(Decimal(cents) / 100, "USD", locale=(get_language() or "en-us").replace("-", "_"))


def short_dollars(cents: int) -> str:
    """`$1,234` when there are no cents, else like `dollars`: for headlines."""
    text = dollars(cents)
    return text[:-3] if cents % 100 == 0 and text.endswith(".00") else text


def exact(cents: int) -> Decimal:
    """`1234.50` as a number, for files that other programs read."""
    return Decimal(cents).scaleb(-2)
