"""The QR on a shop's door: a short code that leads to its page."""

from django.http import HttpRequest

from merchants.models import Shop
from merchants.trust.moved import survivor_of
from portal.kernel.codes import issue_code, resolves
from portal.kernel.models import Code

KIND = "shop"


@resolves(KIND)
def shop_page(request: HttpRequest, shop: int) -> str | None:
    row = Shop.objects.filter(pk=shop).first()
    row = survivor_of(row) if row else None
    return row.get_absolute_url() if row and row.is_listed else None


def poster_code(shop: Shop) -> str:
    """The token on the shop's poster; "" before it has one."""
    return Code.objects.filter(kind=KIND, ref=shop.pk).values_list("token", flat=True).first() or ""


def issue_poster_code(shop: Shop) -> str:
    """The same for ever: a printed poster must not go stale. Call it with the shop's row locked."""
    return poster_code(shop) or issue_code(KIND, shop.pk)
