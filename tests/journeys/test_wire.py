"""What a runner's page weighs on the way to a phone, compressed as production compresses it."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, Response
from whitenoise.compress import Compressor  # type: ignore[import-untyped]

from fundraisers.models import Fundraiser
from tests.tools.fixtures.site import Site

pytestmark = pytest.mark.browser
KIB = 1024
MOST_REQUESTS, MOST_BYTES, MOST_SCRIPT = 8, 60 * KIB, 25 * KIB


def compressed(path: str, folder: Path) -> int:
    """The bytes of a static file as WhiteNoise sends it to a browser that takes brotli."""
    source = finders.find(path.removeprefix("/static/"))
    assert isinstance(source, str), f"{path} is no static file"
    copy = folder / Path(path).name
    copy.write_bytes(Path(source).read_bytes())
    compressor = Compressor(quiet=True)
    if compressor.should_compress(str(copy)):
        compressor.compress(str(copy))
    packed = copy.with_name(f"{copy.name}.br")
    return (packed if packed.exists() else copy).stat().st_size


def test_a_runners_page_without_a_photo_is_light(
    phone_page: Page, site: Site, amina: Fundraiser, tmp_path: Path
) -> None:
    answers: list[Response] = []

    def on_answer(answer: Response) -> None:
        answers.append(answer)

    phone_page.on("response", on_answer)
    phone_page.goto(f"{site.url}/r/{amina.slug}", wait_until="networkidle")
    sizes: dict[str, int] = {}
    script = 0
    for answer in answers:
        path = urlsplit(answer.url).path
        # The page itself as it came over the wire: public pages are compressed by the site (common/http.py).
        on_wire = answer.request.sizes()["responseBodySize"]
        sizes[path] = compressed(path, tmp_path) if path.startswith("/static/") else on_wire
        script += sizes[path] if answer.request.resource_type == "script" else 0
    shown = "\n".join(f"{size:>7} {path}" for path, size in sizes.items())
    assert all(answer.url.startswith(site.url) for answer in answers), f"asked another host:\n{shown}"
    assert len(answers) <= MOST_REQUESTS, f"{len(answers)} requests:\n{shown}"
    assert sum(sizes.values()) <= MOST_BYTES, f"{sum(sizes.values())} bytes:\n{shown}"
    assert script <= MOST_SCRIPT, f"{script} bytes of script:\n{shown}"
