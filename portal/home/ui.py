"""Examples for the style guide: every component in every state, with the words real pages use."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from consumers.web.review_forms import STARS
from loyalty.models import DesignVersion
from portal.kernel.charts import chart
from portal.kernel.codes import qr_svg
from portal.kernel.forms import PhoneField
from portal.kernel.money import MoneyField


class ExampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Shop name"), max_length=60, help_text=_("As it stands over the door"))
    phone = PhoneField(label=_("Phone"))
    price = MoneyField(label=_("Price"), required=False)
    about = forms.CharField(label=_("About the shop"), widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(
        label=_("Kind of shop"), choices=[("", "…"), ("hair", _("Hair")), ("tea", _("Milk tea"))]
    )
    days = forms.ChoiceField(
        label=_("Opening hours"),
        widget=forms.RadioSelect,
        choices=[("a", _("Every day 10–21")), ("b", _("Weekdays only")), ("c", _("I will set them myself"))],
        initial="a",
    )
    photo = forms.FileField(label=_("Photo"), required=False, help_text=_("Up to 10 MB"))
    agree = forms.BooleanField(label=_("Send me offers of this shop"), required=False)


class StarsForm(forms.Form):
    """Five stars, and what they look like when one must be chosen."""

    stars = forms.ChoiceField(label=_("How was it?"), choices=STARS, widget=forms.RadioSelect)
    service = forms.ChoiceField(label=_("Service"), choices=STARS, widget=forms.RadioSelect)


class AmountForm(forms.Form):
    amount = MoneyField(label=_("Amount"))


FACES = ["jade", "ink", "plum", "persimmon", "sky", "tea", "rose", "slate", "moss", "gold", "rice", "mint"]
PATTERNS = ["ring", "grid", "wave", "none", "steam", "scissors", "cup", "leaf"]
FOILS = ["", "silver", "gold", "black"]
TIERS = ["", _("Silver"), _("Gold"), _("Black")]
SPECIAL: dict[str, dict[str, Any]] = {
    "rose": {"state": "frozen"},
    "slate": {"state": "closed"},
    "tea": {"as_of": "14:02"},
    "sky": {"balance": "¥326"},
}
COVERS = ["tea", "restaurant", "hair", "beauty", "laundry", "carwash", "fitness", "pharmacy", "repair", "pet",
          "grocery", "service", "shop"]  # fmt: skip
EXAMPLE_TIME = datetime(2026, 11, 22, 14, 2, 8, tzinfo=UTC)
ARTS = ["list", "search", "coupon", "card", "inbox", "chat", "people", "shop", "offline", "lock", "corner"]


def icons() -> list[str]:
    sprite = Path(settings.ROOT) / "static" / "icons" / "sprite.svg"
    return re.findall(r'<symbol id="([a-z]+)"', sprite.read_text("utf-8"))


def card(number: int, face: str) -> dict[str, Any]:
    tier = {"pattern": PATTERNS[number % 8], "foil": FOILS[number % 4], "tier": TIERS[number % 4]}
    return {"face": face, **tier, **SPECIAL.get(face, {})}


def examples() -> dict[str, Any]:
    """Everything the style guide page shows."""
    return {
        "form": ExampleForm(),
        "wrong": ExampleForm({"name": "", "phone": "1380013800", "price": "thirty", "kind": ""}),
        "stars": StarsForm({"stars": "4"}),
        "amount": AmountForm({"amount": "38"}),
        "moment": EXAMPLE_TIME.isoformat(),
        "soon": (EXAMPLE_TIME + timedelta(seconds=23)).isoformat(),
        "qr": qr_svg("HTTPS://EXAMPLE.ORG/Q/7K3M9P2QX4"),
        "cards": [card(i, face) for i, face in enumerate(FACES)],
        "looks": [
            DesignVersion(face="own", base="#0c6b8a", slogan=str(_("Cut well")), number_style="last"),
            DesignVersion(face="own", base="#ffcc00", pattern="leaf"),
            DesignVersion(face="plum", number_style="none"),
        ],
        "icons": icons(),
        "covers": COVERS,
        "arts": ARTS,
        "states": ["open", "closing", "opening", "closed", "closed_today", "paused", "unknown"],
        "tickets": [
            "claimable",
            "claimed",
            "usable",
            "below",
            "reserved",
            "used",
            "expired",
            "soldout",
            "cancelled",
            "members",
        ],
        "chart": chart(
            str(_("Cases reported")),
            [(f"{month}", count) for month, count in enumerate((4, 9, 0, 17, 12, 6), 1)],
        ),
        "jobs": ["queued", "running", "cancelling", "done", "errors", "failed", "stalled", "cancelled"],
        "steps": [
            _("Phone"),
            _("Name and kind"),
            _("Location"),
            _("Hours"),
            _("Services"),
            _("Photo"),
            _("Preview"),
        ],
        "todo": [
            {"title": _("Put your shop on the map"), "done": True},
            {"title": _("Three services with prices"), "done": True},
            {"title": _("A photo of the door"), "next": True, "minutes": 1, "href": "#checklist"},
            {"title": _("Your first coupon"), "minutes": 2, "href": "#checklist"},
        ],
        "long_text": "染了以后两天就掉色，店里说要再等等。" * 40,
        "names": ["张女士", "李敏", "Xiao Chen", "青禾理发", "Blue Door Laundry", "老街奶茶"],
    }
