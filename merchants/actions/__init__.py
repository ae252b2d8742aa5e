"""What can be done to merchants, their shops, their teams and their rosters: the only place that writes them."""

from merchants.actions.customers import find_or_enrol_customer, link_customers, rename_customer
from merchants.actions.opening import open_merchant, open_shop, publish_shop, rename_merchant
from merchants.actions.services import ServiceLine, add_service, remove_service, set_services
from merchants.actions.shops import describe_shop, keep_cover, place_shop, set_hours, turn_hours
from merchants.actions.staff import (
    accept_invitation,
    change_role,
    invite_staff,
    remove_staff,
    withdraw_invitation,
)

__all__ = [
    "ServiceLine",
    "accept_invitation",
    "add_service",
    "change_role",
    "describe_shop",
    "find_or_enrol_customer",
    "invite_staff",
    "keep_cover",
    "link_customers",
    "open_merchant",
    "open_shop",
    "place_shop",
    "publish_shop",
    "remove_service",
    "remove_staff",
    "rename_customer",
    "rename_merchant",
    "set_hours",
    "set_services",
    "turn_hours",
    "withdraw_invitation",
]
