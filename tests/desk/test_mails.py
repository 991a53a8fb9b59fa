"""Mails that are stuck are sent again, or given up, by a person who says why."""

from datetime import timedelta

import pytest
from django.core import mail as sent_mail
from django.utils import timezone

from accounts.models import Role, StaffAct
from outreach.models import OutboxMail
from outreach.services import send_waiting
from tests.desk.cast import at_desk, text_of, the_act
from tests.factories import a_page, a_payment, paid

pytestmark = pytest.mark.django_db
Status = OutboxMail.Status


@pytest.fixture
def receipt() -> OutboxMail:
    paid(a_payment(a_page()))
    return OutboxMail.objects.get(key__startswith="receipt")


def stick(mail: OutboxMail, status: str, minutes: int = 30) -> None:
    OutboxMail.objects.filter(pk=mail.pk).update(
        status=status, attempts=8, error="550 no such user", next_try_at=timezone.now() - timedelta(minutes=minutes)
    )


@pytest.mark.parametrize("status", [Status.FAILED, Status.SENDING])
def test_a_stuck_mail_goes_out_again_once(receipt: OutboxMail, status: str) -> None:
    stick(receipt, status)
    desk = at_desk(Role.ORGANIZER)
    assert receipt.subject in text_of(desk, "/desk/mails", state="stuck")
    assert "This mail is stuck" in text_of(desk, f"/desk/mails/{receipt.pk}")
    desk.post(f"/desk/mails/{receipt.pk}", {"what": "again", "reason": "The address was mended"})
    assert "The mail goes out again." in text_of(desk, "/desk/mails")
    assert send_waiting() == 1
    assert [message.to for message in sent_mail.outbox] == [[receipt.to]]
    assert send_waiting() == 0
    act = the_act()
    assert (act.verb, act.target) == ("sent a mail again", f"mail {receipt.pk} {receipt.key}")
    assert act.reason == "The address was mended"


@pytest.mark.parametrize("status", [Status.FAILED, Status.SENDING])
def test_a_mail_that_was_given_up_waits_for_nobody(receipt: OutboxMail, status: str) -> None:
    stick(receipt, status)
    desk = at_desk(Role.ORGANIZER)
    assert "1 mail is stuck." in text_of(desk, "/desk")
    desk.post(f"/desk/mails/{receipt.pk}", {"what": "give_up", "reason": "They wrote from another address"})
    assert "The mail was given up." in text_of(desk, "/desk/mails")
    assert "stuck." not in text_of(desk, "/desk")
    assert "This mail is stuck" not in text_of(desk, f"/desk/mails/{receipt.pk}")
    send_waiting()
    assert sent_mail.outbox == []
    assert the_act().verb == "gave up a mail"


@pytest.mark.parametrize("status", [Status.WAITING, Status.SENT])
def test_a_mail_that_is_not_stuck_is_left_alone(receipt: OutboxMail, status: str) -> None:
    stick(receipt, status)
    desk = at_desk(Role.ORGANIZER)
    desk.post(f"/desk/mails/{receipt.pk}", {"what": "again", "reason": "Why not"})
    assert "Somebody at the desk was faster." in text_of(desk, "/desk/mails")
    receipt.refresh_from_db()
    assert receipt.status == status
    assert not StaffAct.objects.exists()


def test_a_mail_that_is_being_sent_right_now_is_not_stuck(receipt: OutboxMail) -> None:
    stick(receipt, Status.SENDING, minutes=1)
    assert "No mail is stuck." in text_of(at_desk(Role.ORGANIZER), "/desk/mails", state="stuck")


@pytest.mark.parametrize("words", [{}, {"what": "again"}, {"reason": "x"}, {"what": "sent", "reason": "x"}])
def test_a_half_filled_form_sends_nothing(receipt: OutboxMail, words: dict[str, str]) -> None:
    stick(receipt, Status.FAILED)
    answer = at_desk(Role.ORGANIZER).post(f"/desk/mails/{receipt.pk}", words)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    receipt.refresh_from_db()
    assert receipt.status == Status.FAILED
    assert not StaffAct.objects.exists()


def test_mails_are_found_by_address_subject_and_key(receipt: OutboxMail) -> None:
    desk = at_desk(Role.MODERATOR)
    for query in (receipt.to, receipt.subject[5:20], receipt.key):
        assert receipt.subject in text_of(desk, "/desk/mails", q=query)
    assert "No mail for “nobody@”." in text_of(desk, "/desk/mails", q="nobody@")
