"""Points that waited and can be used now: noticed once, however late somebody looks."""

from datetime import datetime, timedelta

from django.db import transaction

from loyalty.events import PointsUsable
from loyalty.models import Account, Lot
from portal.kernel.events import publish

NEWS_FOR = timedelta(days=14)  # what could be used longer ago than that is no news


def notice_usable(moment: datetime, *, limit: int = 5000) -> int:
    """Every card whose waiting points can be used by ``moment`` and weren't noticed yet; each card in its own
    transaction. Returns how many holders there was news for."""
    ripe = Lot.objects.ripe(moment).order_by("account").values_list("account", flat=True).distinct()
    return sum(_notice(account, moment) for account in list(ripe[:limit]))


@transaction.atomic
def _notice(account_id: int, moment: datetime) -> bool:
    """Nothing is said of points that were used up, have expired or were taken back before they ripened."""
    lots = list(Lot.objects.ripe(moment).filter(account=account_id).select_for_update(no_key=True))
    Lot.objects.filter(pk__in=[lot.pk for lot in lots]).update(is_noticed=True)
    fresh = [lot for lot in lots if lot.is_news(moment, NEWS_FOR)]
    if not fresh:
        return False
    account = Account.objects.get(pk=account_id)
    publish(
        PointsUsable(
            card_id=account.card_id,
            merchant_id=account.merchant_id,
            points=sum(lot.remaining for lot in fresh),
            lot_id=max(lot.pk for lot in fresh),
        )
    )
    return True
