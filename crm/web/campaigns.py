"""A flash deal in four taps: suggestion or preset, audience, review, send; then thirty seconds to stop it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.actions import FLASH, HOLD, Plan, send_deal
from crm.actions import stop as stop_campaign
from crm.audiences import DISTANCES, people_in, size_of
from crm.letters import title_of_letter
from crm.models import Audience, Campaign
from crm.results.effect import told_of_effect
from crm.results.outcomes import few, outcome_of
from crm.segments import segments_of
from merchants.models import Merchant, Role, Shop
from merchants.web.access import MerchantRequest, merchant_staff
from messaging.models import Channel, Reason
from messaging.reach import foresee
from portal.kernel.access import allow
from portal.kernel.distances import distance
from portal.kernel.forms import CleanTextMixin, KeyedForm
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

manager = merchant_staff(Role.MANAGER)
HOURS = (1, 2, 3, 6)
WITHOUT_RULES = [choice for choice in Audience.choices if choice[0] != Audience.SEGMENT]
PRESET = {"percent_off": 20, "hours": 2, "stock": 20, "audience": Audience.MEMBERS, "within_m": 2000}


class DealForm(CleanTextMixin):
    """What, for how long, for whom; sent by GET, so that each step has an address."""

    title = forms.CharField(label=gettext_lazy("What it is called"), max_length=40)
    percent_off = forms.IntegerField(label=gettext_lazy("Discount in percent"), min_value=1, max_value=90)
    hours = forms.TypedChoiceField(label=gettext_lazy("How long"), coerce=int, widget=forms.RadioSelect)
    stock = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=10_000)
    audience = forms.ChoiceField(label=gettext_lazy("Whom"), widget=forms.RadioSelect)
    shop = forms.ModelChoiceField(
        label=gettext_lazy("At which shop"), queryset=Shop.objects.none(), to_field_name="slug"
    )
    within_m = forms.TypedChoiceField(label=gettext_lazy("How near"), coerce=int)

    def __init__(self, *args: Any, merchant: Merchant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.segments = {f"segment-{one.token}": one for one in segments_of(merchant)}
        whom: Any = self.fields["audience"]
        named = [(value, one.name) for value, one in self.segments.items()]
        whom.choices = [*WITHOUT_RULES, *named]
        shops: Any = self.fields["shop"]
        shops.queryset = Shop.objects.of(merchant).listed().filter(location__isnull=False).order_by("pk")
        hours: Any = self.fields["hours"]
        hours.choices = [(str(n), ngettext("%d hour", "%d hours", n) % n) for n in HOURS]
        near: Any = self.fields["within_m"]
        near.choices = [(str(metres), distance(metres)) for metres in DISTANCES]

    def plan(self) -> Plan:
        said = self.cleaned_data
        names = ("title", "percent_off", "stock", "shop", "within_m")
        segment = self.segments.get(said["audience"])
        return Plan(
            lasts=timedelta(hours=said["hours"]),
            audience=Audience.SEGMENT if segment else said["audience"],
            segment=segment,
            **{name: said[name] for name in names},
        )


@allow(GET=manager)
def flash(request: MerchantRequest, merchant: str) -> HttpResponse:
    """The preset filled in, with how many people each audience has now."""
    form = DealForm(initial=PRESET | {"title": _("Flash deal")}, merchant=request.merchant)
    if request.GET.get("audience") in form.segments:
        form.initial["audience"] = request.GET["audience"]
    shop = form.fields["shop"].queryset.first()  # type: ignore[attr-defined]
    form.initial["shop"] = shop and shop.slug
    return _form_page(request, form, shop)


def _form_page(
    request: MerchantRequest, form: DealForm, shop: Shop | None, *, status: int = 200
) -> HttpResponse:
    moment, counts = timezone.now(), []
    if shop:
        chosen: Any = form.fields["audience"]
        sizes: list[tuple[str, Any, str]] = [
            (value, label, few(size_of(people_in(value, shop, within_m=2000, moment=moment))))
            for value, label in WITHOUT_RULES
        ]
        sizes += [(value, one.name, few(one.size)) for value, one in form.segments.items()]
        counts = [
            (value, _("%(who)s: %(count)s") % {"who": label, "count": size}) for value, label, size in sizes
        ]
        chosen.choices = counts
    context = {"form": form, "shop": shop}
    return render_page(request, "crm/flash.html", context, status=status)


@allow(GET=manager, POST=manager)
def review(request: MerchantRequest, merchant: str) -> HttpResponse:
    """Whom it reaches on which way and whom not; sending it is the last tap."""
    asked = request.POST if request.method == "POST" else request.GET
    if not asked:
        return redirect("crm:flash", merchant)  # the page was opened by its bare address
    form = DealForm(asked, merchant=request.merchant)
    if not form.is_valid():
        shop = form.fields["shop"].queryset.first()  # type: ignore[attr-defined]
        return _form_page(request, form, shop, status=422)
    plan, keyed = form.plan(), KeyedForm.fresh()
    if request.method == "POST":
        keyed = KeyedForm(request.POST)
        if keyed.is_valid():
            try:
                sent = send_deal(request.merchant, plan, by=request.user, key=keyed.cleaned_data["key"])
                return redirect("crm:campaign", merchant, sent.token)
            except Refused as refusal:
                keyed.add_error(None, str(refusal))
    context = {"plan": plan, "form": keyed, "asked": form.data.items()} | _foreseen(plan)
    return render_page(request, "crm/flash_review.html", context, status=422 if keyed.errors else 200)


def _foreseen(plan: Plan) -> dict[str, Any]:
    moment = timezone.now()
    where: dict[str, Any] = {"within_m": plan.within_m, "segment": plan.segment}
    people = people_in(plan.audience, plan.shop, moment=moment, **where)
    facts: dict[str, Any] = {"moment": moment + HOLD, "useless_after": moment + HOLD + plan.lasts}
    chosen = size_of(people)
    seen = foresee(people, FLASH, merchant_id=plan.shop.merchant_id or 0, **facts)
    skipped = [(Reason(reason).label, few(count)) for (_way, reason), count in seen.most_common() if reason]
    return {
        "chosen": few(chosen),
        "held_percent": settings.HOLD_OUT_PERCENT if chosen >= settings.HOLD_OUT_FROM else 0,
        "reached": few(seen[(Channel.PUSH.value, "")]),
        "skipped": skipped,
        "ends_at": facts["useless_after"],
    }


@allow(GET=manager)
def campaign(request: MerchantRequest, merchant: str, campaign: str) -> HttpResponse:
    """The hold with its countdown, then how far it has come; asks again by itself."""
    ours = _ours(request, campaign)
    programme = ours.deal.programme if ours.deal else ours.programme
    context = {
        "campaign": ours,
        "programme": programme,
        "stage": programme.stage_at(timezone.now()) if programme else "",
        "title": ours.deal.programme.title if ours.deal else title_of_letter(ours),
        "now": timezone.now(),
        "hold": int(HOLD.total_seconds()),
        "outcome": outcome_of(ours.mailing) if ours.mailing else None,
    } | (told_of_effect(ours.mailing, moment=timezone.now()) if ours.mailing else {})
    return render_page(request, "crm/campaign.html", context, fragment="campaign")


@allow(POST=manager)
def stop(request: MerchantRequest, merchant: str, campaign: str) -> HttpResponse:
    ours = stop_campaign(_ours(request, campaign), by=request.user)
    said = _("Stopped. What had left already arrives.") if ours.mailing else _("Stopped. Nothing has left.")
    messages.success(request, said)
    return redirect("crm:campaign", merchant, campaign)


def _ours(request: MerchantRequest, token: str) -> Campaign:
    whole = ("deal__programme", "programme", "mailing", "shop", "segment", "merchant")
    ours = Campaign.objects.of(request.merchant).select_related(*whole)
    return get_object_or_404(ours, token=token)
