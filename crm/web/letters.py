"""A letter to customers in three steps: written, reviewed with its reach and cost, sent."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coupons.models import CouponProgramme
from coupons.wording import remarks_on
from crm.actions import HOLD, send_letter
from crm.audiences import people_in, size_of
from crm.letters import SHORTEST, TO_CUSTOMERS, WAYS, Letter, cost_foreseen, readers
from crm.models import Audience, Campaign, Words
from crm.results.outcomes import few
from crm.segments import segments_of
from merchants.models import Merchant, Role, Shop
from merchants.web.access import MerchantRequest, merchant_staff
from messaging.kinds import storable
from messaging.models import Channel, Reason
from messaging.reach import foresee
from portal.kernel.access import allow
from portal.kernel.forms import CleanTextMixin, KeyedForm
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

manager = merchant_staff(Role.MANAGER)
LOUD = [way for way in WAYS if way != Channel.INBOX]
SHORT_OF = gettext_lazy("Write what you want to say, in five characters or more.")


class LetterForm(CleanTextMixin):
    """Sent by GET, so that each step has an address."""

    audience = forms.ChoiceField(label=gettext_lazy("To whom"), widget=forms.RadioSelect)
    words = forms.ChoiceField(
        label=gettext_lazy("What about"), choices=Words.choices, widget=forms.RadioSelect
    )
    programme = forms.ModelChoiceField(
        label=gettext_lazy("Which coupon"),
        queryset=CouponProgramme.objects.none(),
        to_field_name="token",
        required=False,
        empty_label=gettext_lazy("No coupon"),
    )
    note = forms.CharField(
        label=gettext_lazy("In your own words"),
        max_length=Campaign.NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Besides the inbox"),
        required=False,
        choices=[(way.value, way.label) for way in LOUD],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Each person has decided which of these may come. Text messages cost money."),
    )

    def __init__(self, *args: Any, merchant: Merchant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.merchant = merchant
        self.shop = Shop.objects.of(merchant).listed().order_by("pk").first()
        self.segments = {f"segment-{one.token}": one for one in segments_of(merchant)}
        offered = CouponProgramme.objects.of(merchant).claimable_at(timezone.now())
        fields: dict[str, Any] = self.fields
        fields["programme"].queryset = offered.select_related("terms").order_by("ends_at", "pk")
        fields["programme"].label_from_instance = lambda one: one.title
        fields["audience"].choices = [
            *((one.value, one.label) for one in TO_CUSTOMERS if one != Audience.SEGMENT),
            *((value, one.name) for value, one in self.segments.items()),
        ]

    def with_counts(self) -> "LetterForm":
        """Behind each audience how many it has, a segment as of its last count."""
        if self.shop:
            moment, fields = timezone.now(), self.fields
            whom: Any = fields["audience"]
            sizes = {
                value: size_of(people_in(value, self.shop, moment=moment, within_m=0))
                for value, _label in whom.choices
                if value not in self.segments
            } | {value: one.size for value, one in self.segments.items()}
            whom.choices = [
                (value, _("%(who)s: %(count)s") % {"who": label, "count": few(sizes[value])})
                for value, label in whom.choices
            ]
        return self

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("words") == Words.COUPON:
            if not said.get("programme"):
                self.add_error("programme", _("Choose a coupon that people can claim now."))
        elif len(said.get("note") or "") < SHORTEST:
            self.add_error("note", SHORT_OF)
        return said

    def letter(self, shop: Shop) -> Letter:
        said = self.cleaned_data
        segment = self.segments.get(said["audience"])
        return Letter(
            words=said["words"],
            audience=Audience.SEGMENT if segment else said["audience"],
            segment=segment,
            shop=shop,
            channels=tuple(said["channels"]),
            note=said["note"],
            programme=said["programme"] if said["words"] == Words.COUPON else None,
        )


@allow(GET=manager)
def letter(request: MerchantRequest, merchant: str) -> HttpResponse:
    initial = {"audience": Audience.MEMBERS.value, "words": Words.COUPON, "channels": [Channel.PUSH.value]}
    form = LetterForm(initial=initial, merchant=request.merchant).with_counts()
    for name in ("audience", "programme"):
        if chosen := request.GET.get(name, ""):
            form.initial[name] = chosen[:40]
    return _form_page(request, form)


def _form_page(request: MerchantRequest, form: LetterForm, *, status: int = 200) -> HttpResponse:
    return render_page(request, "crm/letter.html", {"form": form, "shop": form.shop}, status=status)


@allow(GET=manager, POST=manager)
def review(request: MerchantRequest, merchant: str) -> HttpResponse:
    """Whom it reaches on which way, whom not and why, what it costs; sending it is the last tap."""
    asked = request.POST if request.method == "POST" else request.GET
    if not asked:
        return redirect("crm:letter", merchant)  # the page was opened by its bare address
    form = LetterForm(asked, merchant=request.merchant)
    if not form.is_valid() or form.shop is None:
        return _form_page(request, form.with_counts(), status=422)
    letter, keyed = form.letter(form.shop), KeyedForm.fresh()
    if request.method == "POST":
        keyed = KeyedForm(request.POST)
        if keyed.is_valid():
            try:
                sent = send_letter(request.merchant, letter, by=request.user, key=keyed.cleaned_data["key"])
                return redirect("crm:campaign", merchant, sent.token)
            except Refused as refusal:
                keyed.add_error(None, str(refusal))
    context = {"letter": letter, "form": keyed, "asked": _pairs(form)} | _foreseen(request.merchant, letter)
    return render_page(request, "crm/letter_review.html", context, status=422 if keyed.errors else 200)


def _pairs(form: LetterForm) -> list[tuple[str, str]]:
    """What was asked, to be sent along with the confirmation."""
    data: Any = form.data
    return [(name, said) for name in form.fields for said in data.getlist(name)]


def _foreseen(merchant: Merchant, letter: Letter) -> dict[str, Any]:
    moment = timezone.now() + HOLD
    people, until = readers(letter, moment), letter.useless_after(moment)
    ways = tuple(Channel(way) for way in letter.channels)
    about: dict[str, Any] = {"moment": moment, "useless_after": until, "channels": ways}
    seen = foresee(people, letter.kind, merchant_id=merchant.pk, **about) if ways else {}
    chosen = size_of(people)
    title, body = letter.kind.written(storable(letter.params(merchant)))
    return {
        "title": title,
        "body": body,
        "chosen": few(chosen),
        "ways": [_way(way, seen) for way in ways],
        "cost": cost_foreseen(letter, merchant, moment),
        "remarks": remarks_on(letter.note),
        "held_percent": settings.HOLD_OUT_PERCENT if chosen >= settings.HOLD_OUT_FROM else 0,
    }


def _way(way: Channel, seen: Any) -> dict[str, Any]:
    here = {reason: count for (channel, reason), count in seen.items() if channel == way}
    reached = here.pop("", 0)
    skipped = sorted(here.items(), key=lambda one: (-one[1], one[0]))
    named = [(Reason(reason).label, few(count)) for reason, count in skipped]
    return {"label": way.label, "reached": few(reached), "skipped": named}
