"""Reports for the owner."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date

from crm.awards import RULES, report_of
from merchants.models import Role
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.web import render_page

SHOWN = 50  # awards of one finding on the page


@allow(GET=merchant_staff(Role.OWNER))
def awards(request: MerchantRequest, merchant: str) -> HttpResponse:
    """Unusual awards of one day, yesterday's by default; what each rule means stands beside it."""
    today = timezone.localdate()
    day = min(_day(request.GET.get("day", "")) or today - timedelta(days=1), today)
    report = report_of(request.merchant, day)
    context = {
        "report": report,
        "rules": RULES,
        "findings": [(RULES[found.rule], found, found.awards[:SHOWN]) for found in report.findings],
        "earlier": day - timedelta(days=1),
        "later": day + timedelta(days=1) if day < today else None,
    }
    return render_page(request, "crm/awards.html", context)


def _day(text: str) -> date | None:
    try:
        return parse_date(text[:10])
    except ValueError:
        return None
