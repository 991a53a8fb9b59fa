"""Mails about payments, to the organization's own people and to staff, queued with what they report."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Role, User
from common.money import dollars
from donations.disbursements.models import Disbursement, Payee, Receipt
from events.models import Beneficiary
from outreach.models import OutboxMail


def sent(payment: Disbursement) -> list[OutboxMail]:
    """To the organization: it is on its way, and how to say that it has arrived."""
    context = {
        "name": payment.beneficiary.name,
        "sum": dollars(payment.amount_cents),
        "method": str(payment.get_method_display()),
        "evidence": payment.evidence,
        "payment_url": settings.SITE_URL + reverse("charity_payment", args=[payment.pk]),
    }
    subject = _("%(sum)s is on its way to %(name)s") % context
    return _to(
        _people_of(payment.beneficiary),
        f"payment-sent:{payment.pk}",
        subject,
        payment.beneficiary,
        context,
        "email/payment_sent",
    )


def came_back(payment: Disbursement) -> list[OutboxMail]:
    """To the organization: a payment it was told of came back."""
    said = {"name": payment.beneficiary.name, "sum": dollars(payment.amount_cents), "evidence": payment.evidence}
    body = _(
        "The payment of %(sum)s to %(name)s (%(evidence)s) came back to us. It is owed to you again, and we will"
        " send it anew. You need not do anything; if you know why it came back, please write to us."
    )
    subject = _("A payment to %(name)s came back") % said
    return _to(
        _people_of(payment.beneficiary),
        f"payment-back:{payment.pk}",
        subject,
        payment.beneficiary,
        {"body": body % said},
    )


def questioned(receipt: Receipt) -> list[OutboxMail]:
    """To the treasurers: an organization says that something is not as it was sent."""
    payment = receipt.disbursement
    said = {
        "name": payment.beneficiary.name,
        "sum": dollars(payment.amount_cents),
        "received": dollars(receipt.received_cents),
        "note": receipt.note,
        "url": settings.SITE_URL + reverse("desk_batch", args=[payment.batch_id]),
    }
    is_disputed = receipt.kind == Receipt.Kind.DISPUTED
    body = (
        _("%(name)s says that the payment of %(sum)s is not as it should be:\n\n%(note)s\n\nLook at it: %(url)s")
        if is_disputed
        else _("We sent %(sum)s to %(name)s, and they say they received %(received)s. %(note)s\n\nLook at it: %(url)s")
    )
    subject = _("%(name)s questions a payment of %(sum)s") % said
    treasurers = User.objects.filter(is_active=True, staff_roles__role=Role.TREASURER).distinct()
    return _to(treasurers, f"payment-questioned:{receipt.pk}", subject, payment.beneficiary, {"body": body % said})


def payee_changed(payee: Payee) -> list[OutboxMail]:
    """To the organization and the approvers: money will go somewhere else, unless somebody says no."""
    said = {
        "name": payee.beneficiary.name,
        "method": str(payee.get_method_display()),
        "account": payee.account,
        "contact": payee.beneficiary.event.contact_email,
    }
    body = _(
        "What is owed to %(name)s will be paid like this from now on: %(method)s, %(account)s.\n\nNothing goes there"
        " for 72 hours. If this is not right, or nobody of you asked for it, write to %(contact)s at once."
    )
    subject = _("Where %(name)s is paid has changed") % said
    approvers = User.objects.filter(is_active=True, staff_roles__role=Role.APPROVER).distinct()
    people = {user.pk: user for user in [*_people_of(payee.beneficiary), *approvers]}
    told = OutboxMail.objects.filter(key__startswith=f"payee:{payee.pk}:").count()
    return _to(people.values(), f"payee:{payee.pk}:{told}", subject, payee.beneficiary, {"body": body % said})


def _people_of(beneficiary: Beneficiary) -> Iterable[User]:
    mine = {"staff_roles__role": Role.CHARITY, "staff_roles__beneficiary_slug": beneficiary.slug}
    return User.objects.filter(is_active=True, **mine).distinct()


def _to(
    people: Iterable[User],
    key: str,
    subject: str,
    beneficiary: Beneficiary,
    context: dict[str, str],
    template: str = "email/plain",
) -> list[OutboxMail]:
    event = beneficiary.event
    return [
        OutboxMail(
            key=f"{key}:{user.pk}", to=user.email, event=event, subject=subject, template=template, context=context
        )
        for user in people
    ]
