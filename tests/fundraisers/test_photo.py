"""The one form that takes a file: a photo, within limits, for its owner, with the part of it that they chose."""

from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from common.images import MAX_BYTES
from fundraisers.models import Fundraiser
from tests.accounts.people import sign_in
from tests.fundraisers.people import a_person, an_owned_page, owner_of, told

pytestmark = pytest.mark.django_db

LEFT, RIGHT = (220, 30, 30), (30, 30, 220)


def a_photo(width: int = 800, height: int = 600, name: str = "run.jpg") -> SimpleUploadedFile:
    """Red on its left half, blue on its right."""
    picture = Image.new("RGB", (width, height), LEFT)
    picture.paste(RIGHT, (width // 2, 0, width, height))
    file = BytesIO()
    picture.save(file, "JPEG", quality=95)
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


def sent(page: Fundraiser, photo: SimpleUploadedFile | str = "", **more: str) -> Client:
    owner = owner_of(page)
    answer = owner.post(f"/me/pages/{page.bib}/photo", {"photo": photo or a_photo(), **more})
    assert answer.headers.get("Location") == f"/me/pages/{page.bib}", told(answer)[:3000]
    page.refresh_from_db()
    return owner


def files() -> list[str]:
    return sorted(default_storage.listdir("photos")[1]) if default_storage.exists("photos") else []


def middle(page: Fundraiser) -> tuple[int, ...]:
    """The colour in the middle of the picture that is shown."""
    content = Client().get(f"/r/{page.slug}/photo/{page.photo}-640.webp").content
    picture = Image.open(BytesIO(content)).convert("RGB")
    assert picture.width * 3 == picture.height * 4
    pixel = picture.getpixel((picture.width // 2, picture.height // 2))
    assert isinstance(pixel, tuple)
    return pixel


def near(colour: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 40 for one, other in zip(colour, wanted, strict=True))


def test_a_photo_is_on_the_page_in_three_sizes(client: Client) -> None:
    page = an_owned_page()
    sent(page)
    assert len(files()) == 3
    assert f"/photo/{page.photo}-1200.webp" in told(client.get(f"/r/{page.slug}"))


def test_the_part_that_was_chosen_is_kept() -> None:
    page = an_owned_page()
    sent(page, a_photo(1600, 600), left="0.0", top="0.0", right="0.5", bottom="1.0")
    assert near(middle(page), LEFT)
    sent(page, a_photo(1600, 600), left="0.5", top="0.0", right="1.0", bottom="1.0")
    assert near(middle(page), RIGHT)


@pytest.mark.parametrize(
    "box",
    [
        {},
        {"left": "", "top": "", "right": "", "bottom": ""},
        {"left": "0.9", "top": "0", "right": "0.1", "bottom": "1"},
        {"left": "-5", "top": "0", "right": "7", "bottom": "1"},
    ],
)
def test_without_a_part_that_makes_sense_the_middle_is_kept(box: dict[str, str]) -> None:
    page = an_owned_page()
    sent(page, a_photo(1200, 400), **box)
    assert page.photo


@pytest.mark.parametrize("value", ["nan", "inf", "1e400", "a"])
def test_a_part_of_no_number_is_refused(value: str) -> None:
    page = an_owned_page()
    box = {"left": value, "top": "0", "right": "1", "bottom": "1"}
    answer = owner_of(page).post(f"/me/pages/{page.bib}/photo", {"photo": a_photo(), **box})
    assert answer.status_code == 422
    assert files() == []


def test_a_new_photo_takes_the_place_of_the_old_one(django_capture_on_commit_callbacks: object) -> None:
    page = an_owned_page()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        sent(page)
    old = page.photo
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        sent(page)
    assert page.photo != old
    assert len(files()) == 3
    assert Client().get(f"/r/{page.slug}/photo/{old}-640.webp").status_code == 404


def test_the_photo_is_removed_and_the_dawn_is_back(client: Client, django_capture_on_commit_callbacks: object) -> None:
    page = an_owned_page()
    owner = sent(page)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        owner.post(f"/me/pages/{page.bib}/photo", {"remove": "1"})
    page.refresh_from_db()
    assert page.photo == ""
    assert files() == []
    assert "runner-photo" not in told(client.get(f"/r/{page.slug}"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "We cannot read this file."),
        (b"<html><script>alert(1)</script>", "We cannot read this file."),
        (b"\xff\xd8\xff\xe0", "We cannot read this file."),
        (b"GIF89a" + bytes(100), "We cannot read this file."),
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    page = an_owned_page()
    file = SimpleUploadedFile("run.jpg", content, "image/jpeg")
    answer = owner_of(page).post(f"/me/pages/{page.bib}/photo", {"photo": file})
    assert answer.status_code == 422
    assert sentence in told(answer)
    assert files() == []


def test_no_file_is_a_mistake_with_a_sentence() -> None:
    page = an_owned_page()
    answer = owner_of(page).post(f"/me/pages/{page.bib}/photo", {})
    assert answer.status_code == 422
    assert told(answer).count("Choose a photo.") == 2


def test_a_file_that_is_too_large_is_refused_and_not_kept_in_memory() -> None:
    page = an_owned_page()
    file = SimpleUploadedFile("run.jpg", bytes(MAX_BYTES + 5_000_000), "image/jpeg")
    answer = owner_of(page).post(f"/me/pages/{page.bib}/photo", {"photo": file})
    assert answer.status_code == 422
    assert "larger than 10 MB" in told(answer)


def test_other_files_in_the_form_are_dropped() -> None:
    page = an_owned_page()
    sent(page, extra=SimpleUploadedFile("x.bin", b"x" * 1000))  # type: ignore[arg-type]
    assert len(files()) == 3


def test_no_other_form_takes_a_file() -> None:
    page = an_owned_page()
    words = {"name": "Amina", "goal": "500", "story": SimpleUploadedFile("story.txt", b"from a file")}
    owner_of(page).post(f"/me/pages/{page.bib}/edit", words)
    page.refresh_from_db()
    assert page.story == ""


def test_strangers_send_no_photo() -> None:
    page = an_owned_page()
    path = f"/me/pages/{page.bib}/photo"
    assert Client().post(path, {"photo": a_photo()}).status_code == 302
    stranger = sign_in(Client(), a_person("other@example.org"))
    assert stranger.post(path, {"photo": a_photo()}).status_code == 404
    assert files() == []


def test_the_form_needs_its_token() -> None:
    page = an_owned_page()
    strict = Client(enforce_csrf_checks=True)
    assert page.owner
    sign_in(strict, page.owner)
    assert strict.post(f"/me/pages/{page.bib}/photo", {"photo": a_photo()}).status_code == 403
    assert files() == []


def test_the_name_of_the_file_is_kept_nowhere() -> None:
    page = an_owned_page()
    sent(page, a_photo(name="../../amina-at-home-44.9,-93.2.jpg"))
    assert "amina" not in "".join(files())
