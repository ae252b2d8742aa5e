"""What became of an offer: the funnel and its parts, cost and takings, the sales behind each number."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from coupons.models import CouponProgramme, ProgrammeState, Via
from coupons.narrowing import Part
from crm.results.funnel import Funnel, Step, funnel_of
from crm.results.outcomes import few
from crm.results.sent import Sent, sent_for
from merchants.models import Role
from merchants.web.access import MerchantRequest, merchant_staff
from orders.models import Purchase
from portal.kernel.access import allow
from portal.kernel.money import plain_money
from portal.kernel.sheets import csv_lines
from portal.kernel.web import page_of, render_page

manager = merchant_staff(Role.MANAGER)
DAYS_SHOWN = 31
PERCENT_FROM = 10  # below it a share is said as "4 of 7"


def _own(request: MerchantRequest, token: str) -> CouponProgramme:
    ours = CouponProgramme.objects.of(request.merchant).exclude(state=ProgrammeState.DRAFT)
    return get_object_or_404(ours.select_related("merchant"), token=token)


@allow(GET=manager)
def funnel(request: MerchantRequest, merchant: str, token: str) -> HttpResponseBase:
    """On the page or, with ``?format=csv``, as a table for a spreadsheet."""
    programme = _own(request, token)
    found = funnel_of(programme)
    if request.GET.get("format") == "csv":
        return _file(programme, found)
    sent = sent_for(programme)
    context = {
        "programme": programme,
        "funnel": found,
        "steps": _bars(found.whole),
        "tables": _tables(found, sent),
        "cost": sent.cost,
        "days_shown": DAYS_SHOWN if len(found.days) > DAYS_SHOWN else 0,
    }
    return render_page(request, "crm/funnel.html", context)


def _bars(whole: Step) -> list[dict[str, Any]]:
    """The four steps with the share of the step before, and how long each bar is, in percent."""
    counts = [whole.seen or 0, whole.claimed or 0, whole.redeemed, whole.sales]
    labels = [_("Seen"), _("Claimed"), _("Redeemed"), _("Sales with it")]
    lists = ["days", "coupons", "used", "sales"]
    longest = max([*counts, 1])
    return [
        {
            "label": label,
            "count": count,
            "opens": opens,
            "length": round(100 * count / longest, 1),
            "share": _share(count, counts[at - 1]) if at in (1, 2) else "",
        }
        for at, (label, count, opens) in enumerate(zip(labels, counts, lists, strict=True))
    ]


def _share(count: int, of: int) -> str:
    if count > of:
        return ""  # claimed at a counter or from a page that counted nobody
    if of < PERCENT_FROM:
        return _("%(count)d of %(of)d") % {"count": count, "of": of}
    return f"{round(100 * count / of)}%"


def _tables(found: Funnel, sent: Sent) -> list[dict[str, Any]]:
    ways = {step.part.via: step for step in found.ways}
    for way in sent.by_way:
        ways.setdefault(way, Step(Part(via=way), str(Via(way).label), seen=0, claimed=0))
    rows = [(step, few(sent.by_way[way]) if way in sent.by_way else "") for way, step in ways.items()]
    tables = [
        ("ways", _("By the way people came"), _("Way"), rows),
        ("shops", _("By outlet"), _("Outlet"), [(step, "") for step in found.shops]),
        ("levels", _("By level"), _("Level"), [(step, "") for step in found.levels]),
        ("days", _("By day"), _("Date"), [(step, "") for step in found.days[-DAYS_SHOWN:]]),
    ]
    return [
        {"key": key, "caption": caption, "first": first, "rows": rows}
        | {"seen": key in ("ways", "days"), "claimed": key != "shops"}  # where that is known
        for key, caption, first, rows in tables
    ]


def _file(programme: CouponProgramme, found: Funnel) -> StreamingHttpResponse:
    head = [
        *(_("Broken down by"), _("Which one"), _("Seen"), _("Claimed"), _("Redeemed"), _("Sales with it")),
        *(_("Discounts given"), _("Takings with it")),
    ]
    response = StreamingHttpResponse(csv_lines(head, _lines(found)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="coupon-{programme.token}.csv"'
    response["Cache-Control"] = "no-store, private"
    return response


def _lines(found: Funnel) -> Iterator[list[Any]]:
    parts = [(_("All"), [found.whole]), (_("Way"), found.ways), (_("Outlet"), found.shops)]
    for part, steps in [*parts, (_("Level"), found.levels), (_("Date"), found.days)]:
        for one in steps:
            name = one.part.day.isoformat() if one.part.day else one.name
            counts = [one.seen, one.claimed, one.redeemed, one.sales]
            money = [plain_money(one.discount), plain_money(one.takings)]
            yield [part, name, *("" if count is None else count for count in counts), *money]


@allow(GET=manager)
def sales(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    """The sales behind one number of the funnel, newest first."""
    programme, part = _own(request, token), Part.read(request.GET)
    used = Purchase.objects.of(request.merchant).filter(
        redemption__coupon__programme=programme, redemption__undone_at=None
    )
    rows = part.sales_of(used, request.merchant).select_related("customer", "shop", "redemption__coupon")
    context = {
        "programme": programme,
        "page": page_of(rows, request),
        "narrowed": part.said(request.merchant),
    }
    return render_page(request, "crm/funnel_sales.html", context, fragment="sales")
