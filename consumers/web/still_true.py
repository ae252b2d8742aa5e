"""One tap: what the listing says is still true."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from consumers import actions
from merchants.models import Shop
from portal.kernel.access import SignedInRequest, allow, signed_in
from portal.kernel.refused import Refused


@allow(POST=signed_in)
def still_true(request: SignedInRequest, shop: str) -> HttpResponse:
    row = get_object_or_404(Shop.objects.listed(), slug=shop)
    try:
        actions.still_true(row, request.user, moment=timezone.now())
        messages.success(request, _("Thank you. The next visitors know that they can rely on it."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(row.get_absolute_url())
