"""What a merchant asks of a customer before points are spent."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty import actions
from loyalty.actions.codes import points_need
from loyalty.models import Programme, Proof
from merchants.models import Role
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.forms import CleanTextMixin
from portal.kernel.web import render_page

manager = merchant_staff(Role.MANAGER)


class SafeguardForm(CleanTextMixin):
    need = forms.ChoiceField(
        label=gettext_lazy("To spend points"), choices=Proof.choices, widget=forms.RadioSelect
    )


@allow(GET=manager, POST=manager)
def safeguard(request: MerchantRequest, merchant: str) -> HttpResponse:
    programme = get_object_or_404(Programme, merchant=request.merchant)
    form = SafeguardForm(request.POST or None, initial={"need": points_need(programme)})
    if form.is_valid():
        actions.set_safeguard(programme, Proof(form.cleaned_data["need"]), by=request.user)
        messages.success(request, _("Saved."))
        return redirect("loyalty:safeguard", merchant)
    status = 422 if form.errors else 200
    return render_page(request, "loyalty/safeguard.html", {"form": form}, status=status)
