"""Taking a change back: what was before is written again, as a change of its own."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from merchants.actions.days import clear_days, come_back, go_away, set_days
from merchants.actions.services import NameTaken, note_prices
from merchants.actions.shops import describe_shop, place_shop, set_hours
from merchants.actions.words import MOST_NOTICES, WORDS, TooManyNotices, keep_told, say_more
from merchants.history import AWAY, KINDS, copies_of, differing
from merchants.models import Category, DayKind, Notice, Service, Shop, SpecialDay
from merchants.opening.week import spans_of
from portal.kernel.refused import Refused

NAMED = {"name", "name_en", "category_id", "phone"}


class NothingBefore(Refused):
    status = 404
    sentence = _("This change can't be taken back: what was before isn't known.")


@transaction.atomic
def restore(shop: Shop, ref: str) -> Shop:
    """``ref`` as the history names a change. Only its own fields go back; later changes of others stay.

    Doing it twice writes nothing new. Raises NothingBefore for what isn't this shop's.
    """
    shop = Shop.objects.locked().select_related("category").get(pk=shop.pk)
    kind, _dash, number = ref.partition("-")
    model = KINDS.get(kind)
    if model is None or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise NothingBefore
    after = copies_of(model, shop).filter(pgh_id=int(number)).first()
    earlier = (
        after and copies_of(model, shop).filter(pgh_obj=after.pgh_obj_id, pgh_id__lt=after.pgh_id).first()
    )
    if model is SpecialDay and after:
        _restore_day(shop, earlier, after)
        return shop
    if not earlier:
        raise NothingBefore
    names = differing(model, earlier, after)
    if model is Shop:
        _restore_shop(shop, earlier, set(names))
    elif model is Notice:
        _restore_notice(shop, earlier, names)
    else:
        _restore_service(shop, earlier, names)
    return shop


def _restore_shop(shop: Shop, before: Any, names: set[str]) -> None:
    if words := {name: getattr(before, name) for name in names & set(WORDS)}:
        say_more(shop, **words)
    if names & NAMED:
        said = {
            name: getattr(before if name in names else shop, name) for name in ("name", "name_en", "phone")
        }
        category = Category.objects.get(pk=before.category_id) if "category_id" in names else shop.category
        describe_shop(shop, category=category, **said)
    if "hours" in names:
        set_hours(shop, before.hours)
    place = before.location if "location" in names else shop.location
    if names & {"location", "address"} and place is not None:
        address = before.address if "address" in names else shop.address
        place_shop(shop, lat=place.y, lon=place.x, address=address)

    if names & set(AWAY):
        _restore_absence(shop, before)


def _restore_absence(shop: Shop, before: Any) -> None:
    if before.away_from and before.back_on:
        words = {"words": before.away_words, "words_en": before.away_words_en}
        go_away(shop, away_from=before.away_from, back_on=before.back_on, **words)
    else:
        come_back(shop)


def _restore_day(shop: Shop, before: Any | None, after: Any) -> None:
    """The date as it was said before; where nothing was said of it, the usual week holds again."""
    if before is None:
        clear_days(shop, [after.on])
    else:
        said = {"label": before.label, "label_en": before.label_en}
        set_days(shop, [before.on], kind=DayKind(before.kind), spans=spans_of(before.hours), **said)


def _restore_notice(shop: Shop, before: Any, names: list[str]) -> None:
    """Words, dates, published or not, up or down: each field that this change touched."""
    notice = shop.notices.filter(pk=before.pgh_obj_id).first()
    if notice is None:
        raise NothingBefore
    for name in names:
        setattr(notice, name, getattr(before, name))
    if notice.until_on and notice.until_on < notice.from_on:
        raise NothingBefore
    if notice.withdrawn_at is None and shop.notices.current().exclude(pk=notice.pk).count() >= MOST_NOTICES:
        raise TooManyNotices(most=MOST_NOTICES)
    notice.save(update_fields=names)
    keep_told(shop)


def _restore_service(shop: Shop, before: Any, names: list[str]) -> None:
    service = shop.services.select_for_update(no_key=True).get(pk=before.pgh_obj_id)
    for name in names:
        setattr(service, name, getattr(before, name))
    namesakes = Service.objects.offered().filter(shop=shop, name=service.name).exclude(pk=service.pk)
    if service.removed_at is None and namesakes.exists():
        raise NameTaken(name=service.name)
    service.save(update_fields=names)
    note_prices(shop)
