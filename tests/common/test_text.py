"""What runners write in Markdown is shown without scripts, pictures or ways to harm a reader."""

import pytest

from common.text import markdown


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&#58;alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://tracker.example/pixel.png)",
        "<a href='https://x' onclick='alert(1)'>x</a>",
        "<style>body{display:none}</style>",
        "<iframe src=//evil.example></iframe>",
        '[x](https://e.org "onmouseover=alert(1)")',
        "[a]: javascript:alert(1)\n\n[a]",
    ],
)
def test_nothing_active_comes_through(source: str) -> None:
    html = markdown(source).lower()
    for bad in (
        "<script",
        "<img",
        "<iframe",
        "<style",
        'href="javascript',
        'href="data',
        'onclick="',
        ' onmouseover="',
    ):
        assert bad not in html


def test_links_say_that_a_stranger_wrote_them() -> None:
    assert markdown("[site](https://e.org)").strip() == (
        '<p><a href="https://e.org" rel="ugc nofollow noopener">site</a></p>'
    )


def test_headings_fit_where_the_text_stands() -> None:
    assert markdown("# One\n\n###### Six", heading=4).count("<h4>") == 2


def test_text_stays_text() -> None:
    assert markdown("5 < 6 & **bold**").strip() == "<p>5 &lt; 6 &amp; <strong>bold</strong></p>"
