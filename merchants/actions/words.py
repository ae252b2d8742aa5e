"""What a shop says beyond its name: promise, good to know, notices."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from merchants.models import Notice, Shop
from portal.kernel.refused import Refused

MOST_NOTICES = 10  # drafts and published ones that have not been taken down
WORDS = ("about", "about_en", "promise", "promise_en", "handbook", "handbook_en")


class TooManyNotices(Refused):
    sentence = _("At most %(most)d notices at a time. Take one down first.")


class NoticeIsDown(Refused):
    sentence = _("This notice was taken down. Write a new one.")


@transaction.atomic
def say_more(shop: Shop, **words: str) -> Shop:
    """Promise, good to know and about, in both languages."""
    shop = Shop.objects.locked().get(pk=shop.pk)
    for name in WORDS:
        if name in words:
            setattr(shop, name, words[name])
    shop.save(update_fields=WORDS)
    return shop


@transaction.atomic
def draft_notice(
    shop: Shop, *, text: str, from_on: date, key: UUID, text_en: str = "", until_on: date | None = None
) -> Notice:
    """A notice that only the team sees until it is published. The same key again is the same notice."""
    shop = Shop.objects.locked().get(pk=shop.pk)
    if known := shop.notices.filter(key=key).first():
        return known
    if shop.notices.current().count() >= MOST_NOTICES:
        raise TooManyNotices(most=MOST_NOTICES)
    return Notice.objects.create(
        shop=shop, text=text, text_en=text_en, from_on=from_on, until_on=until_on, key=key
    )


@transaction.atomic
def revise_notice(
    notice: Notice, *, text: str, from_on: date, text_en: str = "", until_on: date | None = None
) -> Notice:
    """A draft is changed in place; a published one stays as it is until its new draft is published."""
    notice = _locked(notice)
    if notice.withdrawn_at:
        raise NoticeIsDown
    words = {"text": text, "text_en": text_en, "from_on": from_on, "until_on": until_on}
    if notice.published_at is None:
        Notice.objects.filter(pk=notice.pk).update(**words)
        notice.refresh_from_db()
        return notice
    draft, _made = Notice.objects.update_or_create(
        replaces=notice, defaults=words, create_defaults=words | {"shop": notice.shop}
    )
    return draft


@transaction.atomic
def publish_notice(notice: Notice) -> Notice:
    """Customers see it from its first day on; what it replaces goes in the same moment. Twice is once."""
    notice = _locked(notice)
    if notice.withdrawn_at:
        raise NoticeIsDown
    if notice.published_at is None:
        now = timezone.now()
        if notice.replaces_id:
            Notice.objects.filter(pk=notice.replaces_id, withdrawn_at=None).update(withdrawn_at=now)
        notice.published_at, notice.replaces = now, None
        notice.save(update_fields=["published_at", "replaces"])
        keep_told(notice.shop)
    return notice


@transaction.atomic
def withdraw_notice(notice: Notice) -> Notice:
    """Take it down, with the draft that was to replace it. Twice is once."""
    notice = _locked(notice)
    if notice.withdrawn_at is None:
        now = timezone.now()
        Notice.objects.filter(replaces=notice, withdrawn_at=None).update(withdrawn_at=now)
        notice.withdrawn_at = now
        notice.save(update_fields=["withdrawn_at"])
        keep_told(notice.shop)
    return notice


def _locked(notice: Notice) -> Notice:
    Shop.objects.locked().get(pk=notice.shop_id)
    return Notice.objects.select_related("shop").get(pk=notice.pk)


def keep_told(shop: Shop) -> None:
    """The published notices, on the row that the storefront reads anyway."""
    rows = shop.notices.current().filter(published_at__isnull=False)
    told = [
        {
            "zh": row.text,
            "en": row.text_en,
            "from": row.from_on.isoformat(),
            "until": row.until_on.isoformat() if row.until_on else None,
        }
        for row in rows
    ]
    shop.told = told or None
    shop.save(update_fields=["told"])
