from merchants.models.category import Category
from merchants.models.claim import ClaimState, ListingClaim
from merchants.models.customer import Customer
from merchants.models.merchant import Invitation, Merchant, Role, StaffMember
from merchants.models.offer import Photo, Service
from merchants.models.shop import Shop

__all__ = [
    "Category",
    "ClaimState",
    "Customer",
    "Invitation",
    "ListingClaim",
    "Merchant",
    "Photo",
    "Role",
    "Service",
    "Shop",
    "StaffMember",
]
