"""What people say yes to. Versions are only ever added: a subscriber's row names the one that stood on the page."""

from django.utils.translation import gettext_lazy as _

CONSENT = {
    1: _("Send me news of the race by e-mail, at most twice a month. I can end it at any time with one press."),
}
NEWEST = max(CONSENT)
# What the sentence promises.
MOST_A_MONTH = 2
