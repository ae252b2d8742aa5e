"""The cast itself: a shop as the wizard leaves it, people in their roles."""

from django.utils import timezone

from merchants.models import Role, Shop, StaffMember
from tests import cast


def test_a_made_shop_is_published_and_listed(shop: Shop) -> None:
    assert shop.is_listed and shop.published_at and shop.from_price == 3800 and shop.headline == "剪发"
    assert shop.closes_at and shop.opens_at and shop.next_change_at and shop.next_change_at > timezone.now()


def test_the_team_stands_in_its_roles(shop: Shop, manager: StaffMember, cashier: StaffMember) -> None:
    roles = list(shop.merchant.staff.order_by("pk").values_list("role", flat=True))
    assert roles == [Role.OWNER, Role.MANAGER, Role.CASHIER]


def test_a_customer_by_phone_is_one_person(shop: Shop) -> None:
    first = cast.make_customer(shop.merchant, phone="+8613900000001")
    assert cast.make_customer(shop.merchant, phone="+8613900000001") == first
