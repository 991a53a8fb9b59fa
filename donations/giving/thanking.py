"""Where a runner sees the gifts on the page, as everybody sees them, and thanks for them one by one."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import SignedInRequest
from donations.giving.gratitude import gift_for_owner, thank
from donations.giving.queries import gifts_of_page
from fundraisers.queries import fundraiser_for_owner

GIFTS_A_PAGE = 20


class ThanksForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Your thanks"),
        help_text=gettext_lazy("It stands under the gift, and goes to the giver by e-mail."),
        max_length=500,
        error_messages={"required": gettext_lazy("Write your thanks.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@never_cache
@require_safe
@login_required
def gifts(request: SignedInRequest, bib: int) -> HttpResponse:
    page = fundraiser_for_owner(request.user, bib)
    found = Paginator(gifts_of_page(page), GIFTS_A_PAGE).get_page(request.GET.get("page"))
    context = {"event": page.event, "fundraiser": page, "person": request.user, "page_obj": found}
    return render(request, "my/gifts.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def thank_for(request: SignedInRequest, bib: int, pk: int) -> HttpResponse:
    gift = gift_for_owner(request.user, bib, pk)
    form = ThanksForm(request.POST if request.method == "POST" else None, initial={"text": gift.thanks})
    if form.is_valid():
        thank(gift=gift, text=form.cleaned_data["text"])
        waits = _("Thank you. A moderator reads your words first; then they stand under the gift and go out by mail.")
        messages.success(request, _("Your thanks are on the page.") if gift.public_thanks else waits)
        return redirect("my_gifts", bib)
    context = {
        "event": gift.event,
        "fundraiser": gift.fundraiser,
        "person": request.user,
        "donation": gift,
        "form": form,
    }
    return render(request, "my/thank.html", context, status=422 if form.errors else 200)
