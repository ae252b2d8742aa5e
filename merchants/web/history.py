"""The history of a shop: who changed what, and the way back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from merchants import actions
from merchants.history import changes_of
from merchants.web.access import MerchantRequest
from merchants.web.step_page import EDITS, shop_or_404
from portal.kernel.access import allow
from portal.kernel.refused import Refused
from portal.kernel.web import render_page


@allow(GET=EDITS, POST=EDITS)
def history(request: MerchantRequest, merchant: str, shop: str) -> HttpResponse:
    row = shop_or_404(request, shop)
    if request.method != "POST":
        return render_page(request, "merchants/history.html", {"shop": row, "changes": changes_of(row)})
    try:
        actions.restore(row, request.POST.get("change", ""))
        messages.success(
            request, _("As it was before. This is a change of its own and can be taken back too.")
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(request.path)
