from merchants.models.category import Category
from merchants.models.cell import MapCell
from merchants.models.claim import ClaimState, ListingClaim
from merchants.models.correction import Correction, CorrectionState, Wrong
from merchants.models.customer import Customer
from merchants.models.joining import CustomerMerge
from merchants.models.merchant import Invitation, Merchant, Role, StaffMember
from merchants.models.merging import DuplicatePair, Merge, PairState
from merchants.models.notice import Notice, told_on
from merchants.models.offer import Photo, PhotoKind, Service
from merchants.models.provenance import Confirmation, Fact, Origin, Provenance
from merchants.models.shop import Shop
from merchants.models.special import DayKind, SpecialDay
from merchants.models.suspension import Suspension
from merchants.models.word import Word

__all__ = [
    "Category",
    "ClaimState",
    "Confirmation",
    "Correction",
    "CorrectionState",
    "Customer",
    "CustomerMerge",
    "DayKind",
    "DuplicatePair",
    "Fact",
    "Invitation",
    "ListingClaim",
    "MapCell",
    "Merchant",
    "Merge",
    "Notice",
    "Origin",
    "PairState",
    "Photo",
    "PhotoKind",
    "Provenance",
    "Role",
    "Service",
    "Shop",
    "SpecialDay",
    "StaffMember",
    "Suspension",
    "Word",
    "Wrong",
    "told_on",
]
