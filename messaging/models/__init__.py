from messaging.models.address import PushSubscription, SentText
from messaging.models.consent import Choice, ConsentEntry, Source, Times
from messaging.models.contact import Contact, DeadAddress, Mute, Pace
from messaging.models.mailing import HeldOut, Mailing
from messaging.models.message import Dispatch, Message, Priority, Reason, State
from messaging.models.words import ADVERTISING, TRANSACTIONAL, Channel, Purpose

__all__ = [
    "ADVERTISING",
    "TRANSACTIONAL",
    "Channel",
    "Choice",
    "ConsentEntry",
    "Contact",
    "DeadAddress",
    "Dispatch",
    "HeldOut",
    "Mailing",
    "Message",
    "Mute",
    "Pace",
    "Priority",
    "Purpose",
    "PushSubscription",
    "Reason",
    "SentText",
    "Source",
    "State",
    "Times",
]
