"""Finding somebody on the roster by the digits people have at hand; names are sealed and not searched."""

import unicodedata
from datetime import datetime

from django.db.models import QuerySet

from crm.regulars import late_regulars
from merchants.models import Customer, Merchant
from portal.kernel.forms import read_phone


def roster_of(merchant: Merchant, *, sought: str, only_late: bool, moment: datetime) -> QuerySet[Customer]:
    """``sought``: a whole phone number, its last four digits, or a card number as printed."""
    customers = late_regulars(merchant, moment) if only_late else Customer.objects.of(merchant)
    customers = customers.select_related("card")
    digits = "".join(unicodedata.normalize("NFKC", sought).split())
    if not digits:
        return customers
    if len(digits) == 4 and digits.isdecimal():
        return customers.filter(phone_tail=digits)
    if len(digits) == 12 and digits.isdecimal():
        return customers.filter(card__number=digits)
    phone = read_phone(sought)
    return customers.with_phone(phone) if phone else customers.none()  # type: ignore[attr-defined]
