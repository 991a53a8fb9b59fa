"""Words that a moderator reads before everybody does: a way to reach somebody, and what hurts.

It is made to find too much rather than to be clever: a person decides within one click.
"""

import re
import unicodedata

from common.lookalikes import mixes_scripts

_REACH = re.compile(
    r"""
    https?:|www\.|\b[\w-]+\.(?:com|org|net|info|biz|io|co|us|ru|cn|xyz|top|site|online|shop|club|me|tv|app|link|ly|gg)\b
    |\w@\w|@\w{2}                               # an e-mail address or somebody's handle
    |(?:\d[\s().+-]*){7}                        # a telephone number
    |\b\d{1,5}\s+(?:\w+\.?\s+){1,3}(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|way)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Beginnings of words. A name that is one of them by chance waits for a moderator, no more.
_ABUSE = re.compile(
    r"\b(?:fuck|motherf|shit|bullsh|cunt|bitch|whore|slut|hoe\b|hoes\b|skank|pimp|porn|nudes?\b|onlyfans|escort|"
    r"nigg|fagg?ot|fags?\b|tranny|retard|spics?\b|chink|kike|raghead|wetback|rape\b|rapist|pedo|paedo|"
    r"kys\b|kill (?:your|her|him|them)sel|hang yoursel|go die|should die|you deserved?\b|i know where|snitch|liar\b)"
)
# What stands for a letter in words that are meant to slip through.
_LETTERS = str.maketrans("0134578@$!", "oieastbasi")


def is_odd(text: str) -> bool:
    """Whether these words name a way to reach somebody, or are among those that hurt."""
    return bool(_REACH.search(_plain(text))) or hurts(text)


def hurts(text: str) -> bool:
    """Whether these words are among those that hurt, however they are spelled."""
    plain = _plain(text)
    spelled = re.sub(r"(.)\1{2,}", r"\1", plain.translate(_LETTERS))
    together = re.sub(r"(?<=\b\w)[\s.*_-]+(?=\w\b)", "", plain)
    return any(map(_ABUSE.search, (plain, spelled, together))) or mixes_scripts(text)


def _plain(text: str) -> str:
    """Without accents and invisible characters, in small letters."""
    return "".join(
        character
        for character in unicodedata.normalize("NFKD", text)
        if unicodedata.category(character) not in ("Mn", "Cf")
    ).casefold()
