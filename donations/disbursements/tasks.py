"""Celery's name for what is left of payments; `manage.py work` does the same. It may run twice."""

import logging

from celery import shared_task
from django.utils.translation import gettext as _

from donations.disbursements import services
from donations.disbursements.models import Disbursement
from donations.ledger.services import raise_alarm
from donations.payments import gateway

log = logging.getLogger(__name__)


@shared_task(name="disbursements.send_transfers")
def send_transfers() -> None:
    """Asks Stripe again for transfers that were being sent when something broke off, each with its own key.

    One that Stripe refuses waits again, with an alarm for a person.
    """
    sending = Disbursement.objects.filter(state=Disbursement.State.SENDING)
    for payment in sending.select_related("batch", "beneficiary__event"):
        try:
            services.ask_stripe(payment)
        except gateway.Unavailable as error:
            log.warning("transfer of payment %s is asked for again later: %s", payment.pk, error)
        except gateway.Refused as error:
            said = _("Stripe refused the transfer: %(why)s It waits again.") % {"why": error}
            raise_alarm(payment.batch.ledger_id, payment.key, said[:400])
