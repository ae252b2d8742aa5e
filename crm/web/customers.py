"""The roster and one customer's page. Nothing here is a public list: every row is one merchant's own."""

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import actions
from crm.coming import birthday_of
from crm.comparing import kept_instead
from crm.models import Tag
from crm.profile import profile_of
from crm.roster import Asked, lines_of, roster_of
from crm.tags import tags_of
from crm.timeline import timeline_of
from crm.web.tags import WordForm
from merchants.models import Customer, Role
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.refused import Refused
from portal.kernel.sheets import csv_lines
from portal.kernel.web import page_of, render_page

STAFF = merchant_staff(Role.CASHIER)


@allow(GET=STAFF)
def roster(request: MerchantRequest, merchant: str) -> HttpResponse:
    asked = Asked.read(request.GET)
    customers = roster_of(request.merchant, asked, moment=timezone.now())
    manages = request.role.covers(Role.MANAGER)
    context = {
        "page": page_of(customers, request, size=50, newest_by="last_visit_at"),
        "tags": tags_of(request.merchant),
        "total": customers.count() if manages else 0,
        "asked": asked,
        "sees_money": manages,
        "owns": request.role.covers(Role.OWNER),
    }
    return render_page(request, "crm/roster.html", context)


@allow(GET=merchant_staff(Role.OWNER))
def roster_file(request: MerchantRequest, merchant: str) -> StreamingHttpResponse:
    """The same customers as a table, with their tags; for the owner alone, since it carries numbers."""
    found = roster_of(request.merchant, Asked.read(request.GET), moment=timezone.now())
    head = [
        *(_("Name"), _("Phone"), _("Visits"), _("Spent"), _("First visit"), _("Last visit")),
        *(_("Member card"), _("Tags")),
    ]
    response = StreamingHttpResponse(
        csv_lines(head, lines_of(found, request.merchant.zone)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="customers.csv"'
    response["Cache-Control"] = "no-store, private"
    return response


@allow(GET=STAFF)
def customer(request: MerchantRequest, merchant: str, customer: int) -> HttpResponse:
    """An old address of somebody who had two records leads to the one that stayed."""
    known = _all(request).filter(pk=customer).first()
    if known is None and (kept := kept_instead(request.merchant, customer)):
        return redirect("crm:customer", merchant, kept.pk)
    return _page(request, known or _ours(request, customer))


@allow(POST=STAFF)
def phone(request: MerchantRequest, merchant: str, customer: int) -> HttpResponse:
    """The whole number, once, with a trace; leaving the page hides it again."""
    known = _ours(request, customer)
    try:
        number = actions.reveal_phone(known, by=request.user, moment=timezone.now())
    except Refused as refusal:
        return _page(request, known, refused=str(refusal), status=refusal.status)
    return _page(request, known, number=number)


def _ours(request: MerchantRequest, customer: int) -> Customer:
    return get_object_or_404(_all(request), pk=customer)


def _all(request: MerchantRequest) -> QuerySet[Customer]:
    return Customer.objects.of(request.merchant).select_related("card", "merchant")


def _page(
    request: MerchantRequest, customer: Customer, *, number: str = "", refused: str = "", status: int = 200
) -> HttpResponse:
    manages = request.role.covers(Role.MANAGER)
    context = {
        "customer": customer,
        "birthday": birthday_of(customer),
        "tags": Tag.objects.filter(taggings__customer=customer).order_by("folded"),
        "tag_form": WordForm(),
        "profile": profile_of(customer, moment=timezone.now()),
        "timeline": timeline_of(customer, after=request.GET.get("after", "")),
        "phone": customer.phone if manages else number,
        "hides_phone": bool(customer.phone_tail) and not manages and not number,
        "refused": refused,
        "sees_money": manages,
    }
    return render_page(request, "crm/customer.html", context, status=status)
