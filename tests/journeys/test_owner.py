"""A runner's own journey: the mail, the page, a photo, news, and away with one press."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from fundraisers.models import Fundraiser
from outreach.models import OutboxMail
from tests.fundraisers.people import a_person, an_owned_page
from tests.fundraisers.test_photo import a_photo
from tests.images.photos import a_picture, saved
from tests.journeys.steps import carry_session, says
from tests.journeys.test_every_page import looking
from tests.matrix.world import a_world
from tests.tools.fixtures.site import Site

pytestmark = pytest.mark.browser


def open_claim(page: Page, site: Site, amina: Fundraiser) -> None:
    """Reads the mail on the local outbox page, and follows its link."""
    page.goto(f"{site.url}/outbox/{OutboxMail.objects.get(key=f'claim:{amina.pk}').pk}")
    link = re.search(r"http\S+/claim/\S+", page.locator("main").inner_text())
    assert link
    page.goto(link.group())


def test_claim_write_and_hide(browser_page: Page, site: Site, amina: Fundraiser) -> None:
    page = browser_page
    open_claim(page, site, amina)
    says(page, "Is this your page?")
    page.get_by_role("button", name="This page is mine").click()
    says(page, "Your run so far")
    page.get_by_role("link", name="Write it").click()
    page.get_by_label("Why you run").fill("For **all** of us.")
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_role("status")).to_contain_text("For all of us.")
    page.get_by_role("button", name="Keep it").click()
    says(page, "Your run so far")
    page.get_by_role("main").get_by_role("link", name="News").click()
    page.get_by_label("Your news").fill("Ten miles today.")
    page.get_by_role("button", name="Post it").click()
    page.goto(f"{site.url}/r/{amina.slug}")
    expect(page.get_by_role("main")).to_contain_text("Ten miles today.")
    page.goto(f"{site.url}/me/pages/{amina.bib}")
    page.get_by_role("button", name="Hide this page").click()
    expect(page.get_by_role("main")).to_contain_text("Nobody can see it.")
    assert page.goto(f"{site.url}/r/{amina.slug}").status == 404  # type: ignore[union-attr]


def test_who_wants_no_page_says_so_with_one_press(phone_page: Page, site: Site, amina: Fundraiser) -> None:
    open_claim(phone_page, site, amina)
    phone_page.get_by_role("button", name="I do not want a page").click()
    says(phone_page, "This page is hidden")


def a_file(folder: Path) -> Path:
    """Red on its left half, blue on its right."""
    path = folder / "run.jpg"
    photo = a_photo(1600, 600)
    photo.seek(0)
    path.write_bytes(photo.read())
    return path


def colour_of(page: Page) -> tuple[int, ...]:
    """What stands in the middle of the photo on the public page."""
    source = page.locator(".runner-photo").get_attribute("src")
    picture = Image.open(BytesIO(page.request.get(page.url.split("/r/")[0] + str(source)).body())).convert("RGB")
    pixel = picture.getpixel((picture.width // 2, picture.height // 2))
    assert isinstance(pixel, tuple)
    return pixel


@pytest.mark.parametrize(("key", "red"), [("ArrowLeft", True), ("ArrowRight", False)])
def test_the_part_of_a_photo_is_chosen_by_keyboard(
    key: str, red: bool, browser_page: Page, site: Site, amina: Fundraiser, tmp_path: Path
) -> None:
    page = browser_page
    owned(amina)
    carry_session(page, site, a_person())
    page.goto(f"{site.url}/me/pages/{amina.bib}/photo")
    expect(page.get_by_label("To the left or right")).to_be_hidden()
    page.get_by_label("Your photo").set_input_files(a_file(tmp_path))
    slider = page.get_by_label("To the left or right")
    expect(slider).to_be_visible()
    slider.focus()
    for _step in range(50):
        page.keyboard.press(key)
    page.get_by_role("button", name="Use this photo").click()
    says(page, "Your run so far")
    page.goto(f"{site.url}/r/{amina.slug}")
    left, _green, right = colour_of(page)
    assert (left > right) is red


def test_the_part_of_a_photo_is_chosen_by_dragging(
    browser_page: Page, site: Site, amina: Fundraiser, tmp_path: Path
) -> None:
    page = browser_page
    owned(amina)
    carry_session(page, site, a_person())
    page.goto(f"{site.url}/me/pages/{amina.bib}/photo")
    page.get_by_label("Your photo").set_input_files(a_file(tmp_path))
    page.locator("canvas").scroll_into_view_if_needed()
    box = page.locator("canvas").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + box["width"], y, steps=5)
    page.mouse.up()
    assert float(page.locator("[name=left]").input_value()) < 0.05
    assert 0.45 < float(page.locator("[name=right]").input_value()) < 0.55


def test_without_javascript_the_middle_is_kept(
    page_without_javascript: Page, site: Site, amina: Fundraiser, tmp_path: Path
) -> None:
    page = page_without_javascript
    owned(amina)
    carry_session(page, site, a_person())
    page.goto(f"{site.url}/me/pages/{amina.bib}/photo")
    page.get_by_label("Your photo").set_input_files(a_file(tmp_path))
    page.get_by_role("button", name="Use this photo").click()
    says(page, "Your run so far")
    assert Fundraiser.objects.get().photo


def owned(amina: Fundraiser) -> None:
    Fundraiser.objects.filter(pk=amina.pk).update(owner=a_person())


def test_every_page_of_an_owner_in_four_states(browser: Browser, site: Site) -> None:
    world = a_world()
    here = f"/me/pages/{world.page.bib}"
    with looking(browser, site) as look:
        for name in ("claim", "email_answer", "email_stop", "mail_off", "report", "updates"):
            look.at(world.address("anonymous", name))
        carry_session(look.page, site, world.people["runner"], mfa_seconds_ago=None)
        for path in ("/me", "/me/email", here, *(f"{here}/{name}" for name in ("edit", "audience", "photo"))):
            look.at(path)
        for path in ("/address", "/updates", "/gifts", f"/gifts/{world.donation.pk}/thank"):
            look.at(here + path)
        look.page.get_by_role("button", name="Say thank you").click()
        look.page.get_by_role("alert").wait_for()
        look.here("thanks with errors")
        look.wrong = [found for found in look.wrong if "status of 422" not in found]
        carry_session(look.page, site, world.people["organizer"])
        for path in ("/desk/reports", "/desk/updates", f"/desk/runners/{world.page.pk}/email"):
            look.at(path)


def test_the_crop_tools_in_four_states(browser: Browser, site: Site, tmp_path: Path) -> None:
    amina = an_owned_page()
    photo = tmp_path / "run.jpg"
    photo.write_bytes(saved(a_picture(1200, 1600)))
    with looking(browser, site) as look:
        carry_session(look.page, site, a_person(), mfa_seconds_ago=None)
        look.page.goto(f"{site.url}/me/pages/{amina.bib}/photo")
        look.page.get_by_label("Your photo").set_input_files(photo)
        look.page.get_by_label("Up or down").wait_for()
        look.here("the crop tools")
