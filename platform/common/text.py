"""What people write, made safe to show."""

import unicodedata

import nh3
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt

# What a form's token says of a second press that is not the first one again.
SENT_BEFORE = _("This form was sent before with other words. Open it anew; nothing was done now.")

_TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "h2", "h3", "h4"}
_SCHEMES = {"http", "https", "mailto"}

# No raw HTML and no images: a page of ours never makes a reader's browser call a stranger.
_parser = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline"])


def markdown(source: str, heading: int = 3) -> SafeString:
    """CommonMark as safe HTML; every heading gets the one level that fits where the text stands."""
    tokens = _parser.parse(source)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{heading}"
    html = _parser.renderer.render(tokens, _parser.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes=_SCHEMES,
        link_rel="ugc nofollow noopener",
    )
    return mark_safe(clean)  # noqa: S308 - nh3 has just cleaned it


def one_line(text: str) -> None:
    """Refuses what has no place in a name: control characters, line ends, turned writing, and nothing visible."""
    # Joiners are kept: some scripts and emoji are written with them.
    kinds = {unicodedata.category(character) for character in text if character not in "\u200c\u200d"}
    if kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        raise ValidationError(_("Write this on one line, without control characters."))
    if not any(kind[0] in "LNS" for kind in kinds):
        raise ValidationError(_("Write at least one letter."))
