"""Points in, points out, points taken back, points expired."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from loyalty.events import ValueExpired
from loyalty.models import Account, Card, Entry, EntryKind, Hold, ValueKind
from loyalty.value.expiry import expiry_of, usable_of
from loyalty.value.ledger import AlreadySpent, Clawed, NotEnough, Posting, claw, lapse, post
from merchants.models import Shop
from portal.kernel.db import retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import Refused


def _of_this_merchant(card: Card, shop: Shop) -> None:
    if shop.merchant_id != card.merchant_id:
        raise Refused(_("This card belongs to another merchant."))


def _positive(points: int) -> None:
    if points <= 0:
        raise Refused(_("Enter how many points, at least one."))


@retry_on_deadlock
@transaction.atomic
def earn(
    card: Card,
    points: int,
    *,
    key: UUID,
    shop: Shop,
    by: User | None,
    document: str = "",
    moment: datetime | None = None,
    waits: int = 0,
) -> Entry:
    """Credit points; they expire as the programme's terms say at this moment.

    ``waits``: so many days they only wait, and lose none of their time for it.

    `key` names the request, not the attempt: a double click or a retried task carries
    the same key and gets back the entry that the first attempt wrote.
    """
    _positive(points)
    _of_this_merchant(card, shop)
    moment = moment or timezone.now()
    usable = usable_of(moment, waits, shop.time_zone)
    return post(
        Posting(
            card=card,
            amount=points,
            kind=EntryKind.EARNED,
            key=key,
            moment=moment,
            shop_id=shop.pk,
            by_id=by.pk if by else None,
            document=document,
            expires_at=expiry_of(usable or moment, card.programme.points_expire_months, shop.time_zone),
            usable_from=usable,
        )
    )


@retry_on_deadlock
@transaction.atomic
def spend(
    card: Card,
    points: int,
    *,
    key: UUID,
    shop: Shop,
    by: User | None,
    document: str = "",
    moment: datetime | None = None,
    hold: Hold | None = None,
) -> Entry:
    """Take points out of the card, those first that expire first. Keyed as ``earn`` is.

    ``hold``: what was kept for this; it is used up, however much of it is taken.
    """
    _positive(points)
    _of_this_merchant(card, shop)
    return post(
        Posting(
            card=card,
            amount=-points,
            kind=EntryKind.SPENT,
            key=key,
            moment=moment or timezone.now(),
            shop_id=shop.pk,
            by_id=by.pk if by else None,
            document=document,
            hold=hold,
        )
    )


@retry_on_deadlock
@transaction.atomic
def reverse(
    entry: Entry, *, key: UUID, by: User | None, note: str = "", moment: datetime | None = None
) -> Entry:
    """Counter an earn or a spend by an entry of the opposite sign; both stay visible.

    A reversed spend goes back into the lots it came from, with the expiry they had. A reversed
    earn is refused when the card no longer holds as much.
    """
    if entry.kind not in (EntryKind.EARNED, EntryKind.SPENT):
        raise Refused(_("Only points earned or spent can be taken back."))
    who = by.pk if by else None
    counter = Posting.counter(
        entry, entry.account.card, key=key, by_id=who, note=note, moment=moment or timezone.now()
    )
    try:
        return post(counter, ValueKind(entry.account.kind))
    except NotEnough as short:
        raise AlreadySpent(points=entry.amount, short=short.values["short"]) from None


@retry_on_deadlock
@transaction.atomic
def claw_back(
    card: Card,
    points: int,
    *,
    key: UUID,
    shop: Shop,
    by: User | None,
    document: str = "",
    note: str = "",
    moment: datetime | None = None,
    earned: Entry | None = None,
) -> Clawed:
    """Take back points of what was returned, those that ``earned`` credited before others. What the card
    has no more, it owes: the next points that are credited pay it off. A frozen card is no
    shelter from it. Keyed as ``earn`` is."""
    _positive(points)
    _of_this_merchant(card, shop)
    return claw(
        Posting(
            card=card,
            amount=-points,
            kind=EntryKind.CLAWED,
            key=key,
            moment=moment or timezone.now(),
            shop_id=shop.pk,
            by_id=by.pk if by else None,
            document=document,
            note=note,
            first=earned,
        )
    )


def expire_due(moment: datetime, *, limit: int = 5000) -> int:
    """Take what has expired out of every card that holds some; each card in its own transaction."""
    due = Account.objects.with_lapsed_lots(moment).select_related("card__customer")[:limit]
    return sum(_expire(account, moment) > 0 for account in due)


@retry_on_deadlock
@transaction.atomic
def _expire(account: Account, moment: datetime) -> int:
    amount = lapse(account, moment=moment)
    if amount:
        publish(
            ValueExpired(
                card_id=account.card_id,
                merchant_id=account.merchant_id,
                user_id=account.card.customer.user_id,
                value=account.kind,
                amount=amount,
                on=moment.isoformat(),
            )
        )
    return amount
