from merchants.models.category import Category
from merchants.models.claim import ClaimState, ListingClaim
from merchants.models.customer import Customer
from merchants.models.merchant import Invitation, Merchant, Role, StaffMember
from merchants.models.offer import Photo, Service
from merchants.models.provenance import Fact, Origin, Provenance
from merchants.models.shop import Shop
from merchants.models.word import Word

__all__ = [
    "Category",
    "ClaimState",
    "Customer",
    "Fact",
    "Invitation",
    "ListingClaim",
    "Merchant",
    "Origin",
    "Photo",
    "Provenance",
    "Role",
    "Service",
    "Shop",
    "StaffMember",
    "Word",
]
