"""What has happened among merchants, told upward."""

from dataclasses import dataclass

from portal.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class MerchantOpened(Event):
    merchant_id: int
    owner_id: int


@dataclass(frozen=True, kw_only=True)
class ShopPublished(Event):
    shop_id: int
    merchant_id: int


@dataclass(frozen=True, kw_only=True)
class ListingGiven(Event):
    """A listing from open data went to the merchant that proved it is theirs."""

    shop_id: int
    merchant_id: int


@dataclass(frozen=True, kw_only=True)
class ShopsMerged(Event):
    """Two listings of one place are one; what goes along has gone already (``merchants.along``)."""

    merge_id: int
    survivor_id: int
    gone_id: int


@dataclass(frozen=True, kw_only=True)
class MergeUndone(Event):
    merge_id: int
    survivor_id: int
    gone_id: int


@dataclass(frozen=True, kw_only=True)
class StaffJoined(Event):
    merchant_id: int
    user_id: int
    role: str


@dataclass(frozen=True, kw_only=True)
class StaffLeft(Event):
    merchant_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class CustomerEnrolled(Event):
    merchant_id: int
    customer_id: int


@dataclass(frozen=True, kw_only=True)
class CustomerLinked(Event):
    """A customer known by phone turned out to be a person with an account."""

    merchant_id: int
    customer_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class CustomerFoundTwice(Event):
    """A person has proven a phone that another record of theirs at the same merchant was kept under."""

    merchant_id: int
    kept_id: int
    gone_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class CustomersMerged(Event):
    """Two records were one person's; what goes along has gone already (``merchants.along``)."""

    merge_id: int
    merchant_id: int
    kept_id: int
    gone_id: int


@dataclass(frozen=True, kw_only=True)
class CategoryChanged(Event):
    """Names, synonyms or kind of a category are others now."""

    category_id: int
