from messaging.models.address import PushSubscription, SentText
from messaging.models.consent import Choice, ConsentEntry, Source, Times
from messaging.models.message import (
    TRANSACTIONAL,
    Channel,
    Dispatch,
    Message,
    Priority,
    Purpose,
    Reason,
    State,
)

__all__ = [
    "TRANSACTIONAL",
    "Channel",
    "Choice",
    "ConsentEntry",
    "Dispatch",
    "Message",
    "Priority",
    "Purpose",
    "PushSubscription",
    "Reason",
    "SentText",
    "Source",
    "State",
    "Times",
]
