"""The words for why a person is told something, and on which way."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    INBOX = "inbox", _("Inbox")
    PUSH = "push", _("Push notification")
    EMAIL = "email", pgettext_lazy("channel", "E-mail")
    SMS = "sms", _("Text message")


class Purpose(models.TextChoices):
    """Why a person is told; those in TRANSACTIONAL are part of a service they asked for."""

    ACCOUNT = "account", _("Account and security")
    MONEY = "money", _("Purchases, cards and money")
    CASE = "case", _("Complaints and answers")
    COUPONS = "coupons", _("My coupons")
    TALK = "talk", _("Messages between you and a shop")
    REVIEWS = "reviews", _("Reviews: asked after a visit, and answers")
    FOLLOWED = "followed", _("Shops I follow")
    DEALS = "deals", _("Deals near me")
    CARE = "care", _("Greetings from shops that know me")
    PLATFORM = "platform", _("News of the portal")


TRANSACTIONAL = frozenset({Purpose.ACCOUNT, Purpose.MONEY, Purpose.CASE, Purpose.TALK})
# What shops want to say; the rest that may be refused is about something the person did.
ADVERTISING = frozenset({Purpose.FOLLOWED, Purpose.DEALS, Purpose.CARE, Purpose.PLATFORM})
