"""What care for customers writes down itself; the rest of its pages reads the layers below."""

from crm.models.birthdays import Greeting, GreetingPlan, NotedBirthday, OwnBirthday
from crm.models.campaigns import Campaign, Words
from crm.models.customers import CardGrant, PhoneLook
from crm.models.segments import Audience, Membership, Segment
from crm.models.tags import Tag, Tagging

__all__ = [
    "Audience",
    "Campaign",
    "CardGrant",
    "Greeting",
    "GreetingPlan",
    "Membership",
    "NotedBirthday",
    "OwnBirthday",
    "PhoneLook",
    "Segment",
    "Tag",
    "Tagging",
    "Words",
]
