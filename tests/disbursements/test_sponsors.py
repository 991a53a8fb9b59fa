"""Sponsors: kept at the desk, named and shown with their consent alone."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from accounts.models import Role, StaffAct
from common.photos import read_photo
from events.models import Event, Sponsor
from tests.accounts.people import make_staff, sign_in
from tests.factories import an_event
from tests.images.photos import a_picture, saved

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_bypass_code(settings: Settings) -> None:
    settings.MFA_TOTP_INSECURE_BYPASS_CODE = None


@pytest.fixture
def event() -> Event:
    return an_event()


@pytest.fixture
def desk(event: Event) -> Client:
    return sign_in(Client(), make_staff(Role.ORGANIZER))


def a_sponsor(**more: object) -> dict[str, object]:
    return {"name": "Mill City Bank", "url": "https://bank.example", "place": "0", "consent": "on"} | more


def a_logo() -> SimpleUploadedFile:
    return SimpleUploadedFile("logo.png", saved(a_picture(640, 480)))


def shown() -> str:
    return Client().get("/money/fees").content.decode()


def test_a_sponsor_is_named_with_consent_and_gone_without(desk: Client) -> None:
    assert "No sponsor has agreed to be named yet" in shown()
    assert desk.post("/desk/sponsors", a_sponsor(logo_file=a_logo())).headers["Location"] == "/desk/sponsors"
    row = Sponsor.objects.get()
    logo = f"/sponsors/{row.pk}/{row.logo}-640.webp"
    assert "Mill City Bank" in shown()
    assert logo in shown()
    answer = Client().get(logo)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    desk.post(f"/desk/sponsors/{row.pk}", {**a_sponsor(), "consent": ""})
    assert "Mill City Bank" not in shown() + Client().get("/").content.decode()
    assert Client().get(logo).status_code == 404
    assert StaffAct.objects.count() == 2


def test_a_new_logo_takes_the_place_of_the_old_one_and_one_is_removed(
    desk: Client, django_capture_on_commit_callbacks: object
) -> None:
    desk.post("/desk/sponsors", a_sponsor(logo_file=a_logo()))
    row = Sponsor.objects.get()
    for extra in ({"logo_file": a_logo()}, {"remove": "1"}):
        old = Sponsor.objects.get().logo
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            desk.post(f"/desk/sponsors/{row.pk}", a_sponsor(**extra))
        assert Sponsor.objects.get().logo != old
        assert read_photo(old, 640) is None
    assert Sponsor.objects.get().logo == ""


def test_a_logo_that_is_no_picture_is_refused_and_the_words_stay(desk: Client) -> None:
    answer = desk.post("/desk/sponsors", a_sponsor(logo_file=BytesIO(b"<svg onload=alert(1)>")))
    assert answer.status_code == 422
    assert "We cannot read this file" in answer.content.decode()
    assert "Mill City Bank" in answer.content.decode()
    assert not Sponsor.objects.exists()


def test_a_sponsor_without_a_name_or_with_a_script_for_an_address_is_refused(desk: Client) -> None:
    for wrong in ({"name": ""}, {"url": "javascript:alert(1)"}):
        assert desk.post("/desk/sponsors", a_sponsor(**wrong)).status_code == 422
    assert not Sponsor.objects.exists()
