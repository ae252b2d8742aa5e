"""Writing, changing and taking back a review; a purchase that is undone takes its badge with it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone

from consumers import bursts, refusals
from consumers.events import ReviewWritten
from consumers.models import Decision, Held, Kind, Report, Review, ReviewPhoto, State
from consumers.words import has_contacts, useful_from
from merchants import photos
from merchants.models import Shop, StaffMember
from merchants.photos import StoredPhoto
from orders.models import Purchase
from portal.kernel.codes import new_code
from portal.kernel.db import retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import KeyReused

REVIEW_WITHIN = timedelta(days=30)
EDIT_WITHIN = timedelta(days=30)
ORDINARY_EVERY = timedelta(days=180)  # per person and shop
A_DAY, ORDINARY_A_DAY = 10, 3  # per person, whatever the shop
MOST_PHOTOS = 6


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a person says: stars 1 to 5, aspects 1 to 5 or None."""

    stars: int
    service: int | None = None
    environment: int | None = None
    value: int | None = None
    tags: Sequence[str] = ()
    said: str = ""
    is_named: bool = False


def write_review(
    person: User,
    shop: Shop,
    what: Said,
    *,
    key: UUID,
    purchase: Purchase | None = None,
    pictures: Sequence[StoredPhoto] = (),
    moment: datetime | None = None,
) -> Review:
    """Say something about a shop; with ``purchase`` it is verified. The same key writes once.

    The pictures' files are there already; when another attempt has written the review, they are removed.
    """
    try:
        review = _written(person, shop, what, key, purchase, pictures, moment or timezone.now())
    except IntegrityError as fault:
        _throw_away(pictures)
        if "purchase_reviewed_once" in str(fault):  # two requests at once, only one got through
            raise refusals.ReviewedAlready from fault
        raise
    except BaseException:
        _throw_away(pictures)
        raise
    _throw_away([one for one in pictures if not review.photos.filter(stem=one.stem).exists()])
    return review


def _throw_away(pictures: Sequence[StoredPhoto]) -> None:
    _forget([one.stem for one in pictures])


def _forget(stems: Sequence[str]) -> None:
    for stem in stems:
        photos.delete_files(stem)


@retry_on_deadlock
@transaction.atomic
def _written(
    person: User,
    shop: Shop,
    what: Said,
    key: UUID,
    purchase: Purchase | None,
    pictures: Sequence[StoredPhoto],
    moment: datetime,
) -> Review:
    """The person's row is held: what one person may write is counted by one request at a time."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if earlier := Review.objects.written_by(person).filter(key=key).first():
        return _same_or_refuse(earlier, shop, what, purchase)
    bought = Purchase.objects.locked().get(pk=purchase.pk) if purchase else None
    _may_write(person, shop, what, bought, moment)
    held_for = _held_for(shop, what, bought, moment)
    review = Review.objects.create(
        token=new_code(16),
        shop=shop,
        person=person,
        kind=Kind.VERIFIED if bought else Kind.ORDINARY,
        purchase=bought,
        state=State.HELD if held_for else State.SHOWN,
        held_for=held_for,
        visited_on=_day_of(bought, shop) if bought else None,
        useful_at=useful_from(moment, what.said, photos=len(pictures)),
        key=key,
        written_at=moment,
        **asdict(what) | {"tags": list(what.tags)},
    )
    _add(review, pictures)
    publish(ReviewWritten(review_id=review.pk, shop_id=shop.pk, is_shown=not held_for))
    return review


def _same_or_refuse(earlier: Review, shop: Shop, what: Said, purchase: Purchase | None) -> Review:
    asked = (shop.pk, what.stars, what.said, purchase.pk if purchase else None)
    if (earlier.shop_id, earlier.stars, earlier.said, earlier.purchase_id) != asked:
        raise KeyReused
    return earlier


def _may_write(person: User, shop: Shop, what: Said, bought: Purchase | None, moment: datetime) -> None:
    if not 1 <= what.stars <= 5:
        raise refusals.StarsMissing
    if shop.category.is_discovery_only:
        raise refusals.NothingToReview
    if shop.merchant_id and StaffMember.objects.filter(merchant=shop.merchant_id, user=person).exists():
        raise refusals.OwnShop  # also who has left: the shop knows them, and they know the shop
    mine = Review.objects.written_by(person)
    if bought is None:
        _may_say_so(mine, shop, moment)
    else:
        _may_judge(mine, bought, person, shop, moment)
    if mine.filter(written_at__range=(moment - timedelta(days=1), moment)).count() >= A_DAY:
        raise refusals.TooManyReviews


def _may_judge(mine: object, bought: Purchase, person: User, shop: Shop, moment: datetime) -> None:
    owner = bought.customer.user_id if bought.customer else None
    if owner != person.pk or bought.shop_id != shop.pk or bought.undone_at is not None:
        raise refusals.NotYourPurchase
    if not bought.made_at <= moment <= bought.made_at + REVIEW_WITHIN:
        raise refusals.ReviewTooLate
    if Review.objects.filter(purchase=bought).exists():
        raise refusals.ReviewedAlready


def _may_say_so(mine: object, shop: Shop, moment: datetime) -> None:
    ordinary = mine.filter(purchase=None)  # type: ignore[attr-defined]
    if ordinary.filter(shop=shop, written_at__gt=moment - ORDINARY_EVERY).exists():
        raise refusals.SaidAlready
    if ordinary.filter(written_at__range=(moment - timedelta(days=1), moment)).count() >= ORDINARY_A_DAY:
        raise refusals.TooManyReviews


def _held_for(shop: Shop, what: Said, bought: Purchase | None, moment: datetime) -> str:
    """Who bought there is believed; a wave of others and advertising are looked at first."""
    if has_contacts(what.said):
        return Held.LINK
    if bought is None and bursts.is_bursting(shop, moment):
        bursts.hold_wave(shop, moment)
        return Held.BURST
    return Held.NO


def _day_of(bought: Purchase, shop: Shop) -> date:
    return bought.made_at.astimezone(ZoneInfo(shop.time_zone)).date()


def _add(review: Review, pictures: Sequence[StoredPhoto]) -> None:
    """The same file twice is one photo."""
    known = {bytes(digest) for digest in review.photos.values_list("digest", flat=True)}
    fresh = {one.digest: one for one in pictures if one.digest not in known}
    if len(known) + len(fresh) > MOST_PHOTOS:
        raise refusals.TooManyPhotosHere(most=MOST_PHOTOS)
    ReviewPhoto.objects.bulk_create(ReviewPhoto(review=review, **asdict(one)) for one in fresh.values())


def edit_review(
    review: Review,
    what: Said,
    *,
    pictures: Sequence[StoredPhoto] = (),
    without: Sequence[int] = (),
    moment: datetime | None = None,
) -> Review:
    """Say it differently within 30 days; what stood there before stays on record. The same twice is once.

    ``without``: keys of photos to take away.
    """
    try:
        review = _edited(review, what, pictures, without, moment or timezone.now())
    except BaseException:
        _throw_away(pictures)
        raise
    _throw_away([one for one in pictures if not review.photos.filter(stem=one.stem).exists()])
    return review


@transaction.atomic
def _edited(
    review: Review, what: Said, pictures: Sequence[StoredPhoto], without: Sequence[int], moment: datetime
) -> Review:
    review = Review.objects.locked().get(pk=review.pk)
    if review.state not in (State.SHOWN, State.HELD):
        raise refusals.NotOpen
    if moment > review.written_at + EDIT_WITHIN:
        raise refusals.EditTooLate
    if not 1 <= what.stars <= 5:
        raise refusals.StarsMissing
    gone = review.photos.filter(pk__in=without)
    stems = list(gone.values_list("stem", flat=True))
    gone.delete()
    transaction.on_commit(lambda: _forget(stems), robust=True)
    _add(review, pictures)
    wanted = asdict(what) | {"tags": list(what.tags)}
    if not stems and not pictures and all(getattr(review, name) == value for name, value in wanted.items()):
        return review
    for name, value in wanted.items():
        setattr(review, name, value)
    if review.state == State.SHOWN and has_contacts(what.said):
        review.state, review.held_for = State.HELD, Held.LINK
    review.edited_at = moment
    review.useful_at = useful_from(review.written_at, what.said, photos=review.photos.count())
    review.save(update_fields=[*wanted, "state", "held_for", "edited_at", "useful_at"])
    return review


@transaction.atomic
def withdraw(review: Review, *, by: User) -> Review:
    """Take one's own word back; nobody reads it any more, and its photos are gone. Twice is once."""
    review = Review.objects.locked().get(pk=review.pk)
    if review.person_id != by.pk:
        raise refusals.NotYourPurchase
    if review.state == State.WITHDRAWN:
        return review
    stems = list(review.photos.values_list("stem", flat=True))
    review.photos.all().delete()
    _settle(review)
    review.state, review.held_for, review.reported_at = State.WITHDRAWN, Held.NO, None
    review.save(update_fields=["state", "held_for", "reported_at"])
    transaction.on_commit(lambda: _forget(stems), robust=True)
    return review


def _settle(review: Review) -> None:
    """Nobody has to decide about what is gone; who reported it reads that."""
    if review.reported_at is not None:
        said = str(State.WITHDRAWN.label)
        end = Decision.objects.create(review=review, before=review.state, after=State.WITHDRAWN, said=said)
        Report.objects.filter(review=review, decision=None).update(decision=end)


@transaction.atomic
def demote(purchase_id: int, *, moment: datetime | None = None) -> int:
    """The purchase was undone or refunded: its review stays, without the badge. Twice is once."""
    standing = Review.objects.filter(purchase=purchase_id, kind=Kind.VERIFIED)
    return standing.update(kind=Kind.ORDINARY, demoted_at=moment or timezone.now())
