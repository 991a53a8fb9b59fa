"""A file that shows a payment: kept by treasurers, handed to them and to who was paid, and opened by no browser."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Role, StaffAct
from donations.disbursements.evidence import MAX_BYTES
from donations.disbursements.models import Disbursement, Evidence
from events.models import Event
from tests.accounts.people import make_staff, sign_in
from tests.charity.people import anna, at_charity, page, sam_of, someone
from tests.disbursements.payments import approved, sent

pytestmark = pytest.mark.money
PDF = b"%PDF-1.7\n<script>alert(1)</script>"


def at_desk(*roles: Role, email: str = "tina@example.org") -> Client:
    return sign_in(Client(), someone(email, *roles))


def keep(payment: Disbursement, content: bytes, name: str = "../../check.html") -> tuple[int, str]:
    file = SimpleUploadedFile(name, content, content_type="text/html")
    answer = at_desk(Role.TREASURER).post(f"/desk/disbursements/payments/{payment.pk}/evidence", {"file": file})
    return answer.status_code, answer.content.decode()


@pytest.fixture
def payment(event: Event) -> Disbursement:
    return sent(event, 10_000)[0]


def test_a_file_is_kept_and_handed_to_who_was_paid_as_what_it_is(payment: Disbursement) -> None:
    assert keep(payment, PDF)[0] == 302
    file = Evidence.objects.get()
    assert (file.kind, file.size) == ("pdf", len(PDF))
    assert StaffAct.objects.get().verb == "kept evidence"
    client = at_charity(anna())
    assert f"/charity/files/{file.pk}" in page(client, f"/charity/payments/{payment.pk}")
    answer = client.get(f"/charity/files/{file.pk}")
    assert answer.content == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="payment-{payment.pk}-{file.pk}.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]


def test_nobody_else_gets_it(payment: Disbursement) -> None:
    keep(payment, PDF)
    number = Evidence.objects.get().pk
    page(at_charity(sam_of("source")), f"/charity/files/{number}", 404)
    organizer = at_desk(Role.ORGANIZER, Role.APPROVER, email="olga@example.org")
    for path in (f"/charity/files/{number}", f"/desk/disbursements/files/{number}"):
        page(organizer, path, 404)
        assert Client().get(path).status_code == 302
    treasurer = at_desk(Role.TREASURER).get(f"/desk/disbursements/files/{number}")
    assert treasurer.content == PDF
    name = Evidence.objects.get().name
    assert Client().get(f"/media/evidence/{name}").status_code == 404


@pytest.mark.parametrize("content", [b"<html>", b"GIF89a", b"", b" %PDF-1.7", b"PK\x03\x04"])
def test_what_is_no_pdf_or_picture_is_refused_whatever_it_is_called(content: bytes, payment: Disbursement) -> None:
    status, shown = keep(payment, content, "check.pdf")
    assert status == 422
    assert "There is a problem" in shown
    assert not Evidence.objects.exists()


def test_what_is_too_large_is_refused(payment: Disbursement) -> None:
    assert keep(payment, PDF + b"0" * MAX_BYTES)[0] == 422
    assert keep(payment, b"\xff\xd8\xff" + b"0" * (MAX_BYTES - 3))[0] == 302


def test_a_payment_that_was_not_sent_has_nothing_to_show(event: Event) -> None:
    status, shown = keep(approved(event, 10_000)[0], PDF)
    assert (status, "was not sent yet" in shown) == (422, True)


def test_a_file_without_the_forms_token_is_refused(payment: Disbursement) -> None:
    client = Client(enforce_csrf_checks=True)
    sign_in(client, make_staff(Role.TREASURER, email="tina@example.org"))
    file = SimpleUploadedFile("check.pdf", PDF)
    assert client.post(f"/desk/disbursements/payments/{payment.pk}/evidence", {"file": file}).status_code == 403
