"""Where somebody goes on to after signing in, and why that page wants to know who they are."""

from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

WHY: dict[str, Any] = {
    "complaints:report": _("You report a problem: we need a way to send you our answer."),
    "consumers:write_message": _("You write to the shop: we need a way to bring you its answer."),
    "consumers:write_review": _("You write a review: so it stays yours to change or withdraw."),
    "coupons:offer": _("You claim a coupon: so it stays yours, on any phone."),
    "loyalty:join": _("You get a member card: so it stays yours, on any phone."),
}


def why_sign_in(onward: str | None) -> Any:
    """A sentence for the page of sign-in; empty where the way there says enough."""
    try:
        return WHY.get(resolve(urlsplit(onward or "/").path).view_name, "")
    except (Resolver404, ValueError):
        return ""
