"""Names that a reader takes for one another, after Unicode's list of confusable characters (UTS 39, section 4)."""

import unicodedata
from functools import cache


def skeleton(name: str) -> str:
    """What is left of a name for the eye: two names with the same skeleton look alike.

    Cyrillic and Greek letters become the Latin ones they pass for, l, I and 1 are one, rn is m; accents, capitals,
    spaces and punctuation do not count. At most twice as long as the name, which may come from anywhere.
    """
    # Before and after: a letter that is folded into another of its script may have passed for one of ours.
    plain = _mapped(unicodedata.normalize("NFKC", _mapped(name))).casefold()
    bare = "".join(letter for letter in unicodedata.normalize("NFD", plain) if not unicodedata.combining(letter))
    letters = "".join(letter for letter in _mapped(bare).casefold() if letter.isalnum())
    return letters.translate(str.maketrans("1i0", "llo")).replace("rn", "m").replace("vv", "w") or bare


def mixes_scripts(name: str) -> bool:
    """Whether a word of a name has letters of alphabets that pass for one another: nobody is called that."""
    return any(len(_scripts(word) & {"LATIN", "CYRILLIC", "GREEK"}) > 1 for word in name.split())


def _scripts(word: str) -> set[str]:
    return {unicodedata.name(letter, "?").partition(" ")[0] for letter in word if letter.isalpha()}


def _mapped(text: str) -> str:
    if text.isascii():
        return text
    latin = _latin()
    return "".join(latin.get(letter, letter) for letter in text)


@cache
def _latin() -> dict[str, str]:
    """Characters that pass for Latin letters, with these."""
    # A megabyte of JSON: read by whoever checks a name, not by everybody who starts.
    from confusable_homoglyphs.confusables import confusables_data

    found: dict[str, str] = {}
    for letter, others in confusables_data.items():
        passes_for = next((other["c"] for other in others if other["c"].isascii() and other["c"].isalnum()), "")
        if passes_for and not letter.isascii():
            found[letter] = passes_for
    return found
