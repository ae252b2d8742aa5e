"""Opening a business and its shops: from a name to a shop that everybody can find."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from merchants.actions import provenance
from merchants.actions.suspending import may_be_listed
from merchants.codes import issue_poster_code
from merchants.events import MerchantOpened, ShopPublished
from merchants.finding import search
from merchants.models import Category, Fact, Merchant, Role, Shop, StaffMember
from merchants.slugs import unused_slug
from merchants.steps import Step, missing
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import KeyReused, Refused

MOST_SHOPS = 200  # of one merchant by hand; a chain beyond that wants an import


class NotReady(Refused):
    sentence = _("Before the shop can be published, add: %(missing)s.")


class TooManyShops(Refused):
    sentence = _("A merchant can open %(most)d shops by hand. Write to us to bring in more from a file.")


@transaction.atomic
def open_merchant(owner: User, *, name: str, name_en: str = "") -> Merchant:
    """Begin a business; whoever opens it owns it."""
    merchant = Merchant.objects.create(
        slug=unused_slug(name_en or name, Merchant), name=name, name_en=name_en
    )
    StaffMember.objects.create(merchant=merchant, user=owner, role=Role.OWNER)
    publish(MerchantOpened(merchant_id=merchant.pk, owner_id=owner.pk))
    return merchant


@transaction.atomic
def open_shop(
    by: User, *, name: str, category: Category, key: UUID, merchant: Merchant | None = None, name_en: str = ""
) -> Shop:
    """Begin a shop that nobody sees yet; without ``merchant``, begin the business with it.

    ``key`` names the request: sending the form twice gives back the shop that the first opened.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # one opening at a time per person
    if opened := Shop.objects.filter(key=key).first():
        if not StaffMember.objects.current().filter(merchant=opened.merchant_id, user=by).exists():
            raise KeyReused
        return opened
    merchant = merchant or open_merchant(by, name=name, name_en=name_en)
    if Shop.objects.of(merchant).count() >= MOST_SHOPS:
        raise TooManyShops(most=MOST_SHOPS)
    shop = Shop.objects.create(
        merchant=merchant,
        category=category,
        name=name,
        name_en=name_en,
        slug=unused_slug(name_en or name, Shop),
        key=key,
        reached=Step.NAME,
    )
    provenance.note(shop, dict.fromkeys((Fact.NAME, Fact.CATEGORY)), provenance.Hand(by=by))
    search.refresh(shop)
    return shop


@transaction.atomic
def publish_shop(shop: Shop, *, by: User) -> Shop:
    """Let everybody find the shop. Publishing it again changes nothing."""
    shop = Shop.objects.locked().select_related("merchant", "category").get(pk=shop.pk)
    if shop.published_at:
        return shop
    if lacking := missing(shop):
        raise NotReady(missing=", ".join(str(step.label) for step in lacking))
    shop.published_at = shop.confirmed_at = timezone.now()
    shop.is_listed = shop.merchant is not None and may_be_listed(shop)
    shop.reached = Step.PUBLISH
    shop.save(update_fields=["published_at", "confirmed_at", "is_listed", "reached"])
    issue_poster_code(shop)
    if shop.merchant_id:
        publish(ShopPublished(shop_id=shop.pk, merchant_id=shop.merchant_id))
    return shop


@transaction.atomic
def rename_merchant(merchant: Merchant, *, name: str, name_en: str = "") -> Merchant:
    merchant.name, merchant.name_en = name, name_en
    merchant.save(update_fields=["name", "name_en"])
    return merchant
