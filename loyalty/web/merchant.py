"""The merchant's member card: what it is called, what it looks like, what it gives; and who has one."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from loyalty import actions
from loyalty.models import Card, Programme
from loyalty.web.forms import ProgrammeForm
from merchants.models import Role
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.web import page_of, render_page

manager = merchant_staff(Role.MANAGER)


@allow(GET=manager)
def cards(request: MerchantRequest, merchant: str) -> HttpResponse:
    """The card and its members, latest first."""
    programme = Programme.objects.of(request.merchant.pk).first()
    if programme is None:
        return redirect("loyalty:settings", request.merchant.slug)
    members = page_of(Card.objects.of(request.merchant).in_full(), request)
    context = {"programme": programme, "members": members}
    return render_page(request, "loyalty/cards.html", context, fragment="members")


@allow(GET=manager, POST=manager)
def settings(request: MerchantRequest, merchant: str) -> HttpResponse:
    """Open the membership, or change its terms from now on."""
    programme = Programme.objects.of(request.merchant.pk).first()
    default = {"name": _("%(merchant)s card") % {"merchant": request.merchant.name}}
    form = ProgrammeForm(request.POST or None, instance=programme, initial=None if programme else default)
    if request.method == "POST" and form.is_valid():
        if programme is None:
            programme = actions.open_programme(
                request.merchant, by=request.user, name=form.cleaned_data["name"]
            )
        actions.change_programme(programme, by=request.user, **form.cleaned_data)
        return redirect("loyalty:cards", request.merchant.slug)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "programme": programme}
    return render_page(request, "loyalty/settings.html", context, fragment="settings", status=status)
