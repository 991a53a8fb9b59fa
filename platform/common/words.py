"""Finding rows by the beginnings of the words of their names, and of their e-mail addresses."""

import re
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.db import connection
from django.db.models import F, Model, Q, QuerySet, Value
from django.db.models.functions import Concat, Lower, Replace

SHORTEST, LONGEST = 2, 40
Row = TypeVar("Row", bound=Model)


def words_of(text: str) -> list[str]:
    """The words that are looked for: letters and digits only; none where they are too short to say anything."""
    words = re.findall(r"[^\W_]+", text[:LONGEST])
    return words if sum(map(len, words)) >= SHORTEST else []


def named(rows: QuerySet[Row, Row], words: Sequence[str]) -> QuerySet[Row, Row]:
    """Rows whose `name` has words beginning with all of these, in any case of letters; without words none."""
    if not words:
        return rows.none()
    # Django's types forget whose rows they are.
    named: Any
    if connection.vendor == "postgresql":
        from django.contrib.postgres.search import SearchQuery, SearchVector

        # As the index has it that fundraisers' migration makes.
        query = SearchQuery(" & ".join(f"{word}:*" for word in words), search_type="raw", config="simple")
        named = rows.alias(words=SearchVector("name", config="simple")).filter(words=query)
    else:
        plain = Replace(Replace(F("name"), Value("-"), Value(" ")), Value("'"), Value(" "))
        # SQLite takes A for a, but not Å for å.
        cases = [{word, word.lower(), word.capitalize(), word.upper()} for word in words]
        begins = [reduce(or_, (Q(words__contains=f" {word}") for word in some)) for some in cases]
        named = rows.alias(words=Concat(Value(" "), plain)).filter(*begins)
    found: QuerySet[Row, Row] = named
    return found


def beginning_with(rows: QuerySet[Row, Row], field: str, text: str) -> QuerySet[Row, Row]:
    """Rows whose e-mail address in `field` begins with `text`, in any case of letters, by an index on Lower(field)."""
    begin = text.strip().lower()
    low: Any = rows.alias(low=Lower(field))
    # PostgreSQL's index of patterns, and SQLite's plain one, which answers a range but no LIKE.
    begins = (
        Q(low__startswith=begin) if connection.vendor == "postgresql" else Q(low__range=(begin, f"{begin}\U0010ffff"))
    )
    found: QuerySet[Row, Row] = low.filter(begins) if begin else rows.none()
    return found
