"""How points are earned and used, and the campaigns on which they count more."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from loyalty.actions import rules as actions
from loyalty.models import EarningRule, PointsCampaign, Programme, SpendingRule
from loyalty.terms import today_of
from loyalty.web.rule_forms import PRESETS, CampaignForm, RulesForm, begin_with
from merchants.models import Role, Service
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

manager = merchant_staff(Role.MANAGER)


@allow(GET=manager, POST=manager)
def rules(request: MerchantRequest, merchant: str) -> HttpResponse:
    """A preset or one's own rule; saving it changes what comes, not what was."""
    programme = Programme.objects.of(request.merchant.pk).first()
    if programme is None:
        return redirect("loyalty:settings", merchant)
    form = _form(request, programme)
    if request.method == "POST" and form.is_valid():
        actions.set_earning(programme, by=request.user, **form.earning())
        actions.set_spending(programme, by=request.user, **form.spending())
        messages.success(request, _("The rules are saved."))
        return redirect("loyalty:rules", merchant)
    return _show(request, programme, form, CampaignForm.fresh())


def _form(request: MerchantRequest, programme: Programme) -> RulesForm:
    services = Service.objects.offered().filter(shop__merchant=request.merchant).order_by("name", "pk")
    earning = EarningRule.objects.filter(programme=programme).first()
    spending = SpendingRule.objects.filter(programme=programme).first()
    begin = begin_with(programme, earning, spending, request.GET.get("preset", ""))
    bound = request.POST if request.method == "POST" and "basis" in request.POST else None
    return RulesForm(bound, initial=begin, services=services)


def _show(
    request: MerchantRequest, programme: Programme, form: RulesForm, campaign: CampaignForm
) -> HttpResponse:
    context = {
        "programme": programme,
        "form": form,
        "campaign_form": campaign,
        "campaigns": PointsCampaign.objects.of(programme).not_over(today_of(request.merchant))[:20],
        "presets": [(name, preset["label"]) for name, preset in PRESETS.items()],
        "chosen": request.GET.get("preset", ""),
    }
    status = 422 if form.errors or campaign.errors else 200
    return render_page(request, "loyalty/rules.html", context, status=status)


@allow(POST=manager)
def campaign(request: MerchantRequest, merchant: str) -> HttpResponse:
    programme = get_object_or_404(Programme.objects.of(request.merchant.pk))
    form = CampaignForm(request.POST)
    if form.is_valid():
        try:
            actions.run_points_campaign(programme, by=request.user, **form.cleaned_data)
            messages.success(request, _("The campaign is set."))
            return redirect("loyalty:rules", merchant)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _show(request, programme, _form(request, programme), form)


@allow(POST=manager)
def stop(request: MerchantRequest, merchant: str, campaign: int) -> HttpResponse:
    programme = get_object_or_404(Programme.objects.of(request.merchant.pk))
    running = get_object_or_404(PointsCampaign.objects.filter(programme=programme), pk=campaign)
    actions.stop_points_campaign(running, by=request.user)
    messages.success(request, _("The campaign is over."))
    return redirect("loyalty:rules", merchant)
