"""What people are told about reviews, conversations and what they follow, and in which words."""

from django.utils.translation import gettext_lazy as _

from messaging.kinds import Kind, register
from messaging.models import Channel, Purpose

ASKED = register(
    Kind(
        "consumers.review_asked",
        Purpose.REVIEWS,
        _("How was it at %(shop)s?"),
        _("Five stars to choose from, a word if you like. It helps the neighbours."),
    )
)
WRITTEN = register(
    Kind(
        "consumers.review_written",
        Purpose.REVIEWS,
        _("A new review of %(shop)s: %(stars)s of 5"),
        _("You can answer it once, for all to read."),
    )
)
ANSWERED = register(
    Kind(
        "consumers.review_answered",
        Purpose.REVIEWS,
        _("%(shop)s has answered your review"),
        _("Read the answer below your review."),
    )
)
STANDS = register(
    Kind(
        "consumers.review_stands",
        Purpose.REVIEWS,
        _("Your review of %(shop)s is shown"),
        _("Our staff looked at it: %(why)s"),
    )
)
TAKEN_DOWN = register(
    Kind(
        "consumers.review_taken_down",
        Purpose.REVIEWS,
        _("Your review of %(shop)s was taken down"),
        _("The reason: %(why)s"),
    )
)
REPORT_STANDS = register(
    Kind(
        "consumers.report_stands",
        Purpose.REVIEWS,
        _("The review of %(shop)s that you reported stays"),
        _("The reason: %(why)s"),
    )
)
REPORT_TAKEN_DOWN = register(
    Kind(
        "consumers.report_taken_down",
        Purpose.REVIEWS,
        _("The review of %(shop)s that you reported was taken down"),
        _("The reason: %(why)s"),
    )
)
NEW_COUPON = register(
    Kind(
        "consumers.new_coupon",
        Purpose.FOLLOWED,
        _("%(shop)s has a new coupon"),
        _("%(coupon)s. You follow this shop."),
    )
)
NEW_SHOP = register(
    Kind(
        "consumers.new_shop",
        Purpose.FOLLOWED,
        _("New near you: %(shop)s"),
        _("It has opened near one of your usual areas. You follow shops of this kind."),
    )
)
BY_MAIL_TOO = (Channel.INBOX, Channel.PUSH, Channel.EMAIL)
LETTER_TO_SHOP = register(
    Kind(
        "consumers.letter_to_shop",
        Purpose.TALK,
        _("A customer wrote to %(shop)s"),
        _("“%(beginning)s”"),
        channels=BY_MAIL_TOO,
    )
)
LETTER_TO_PERSON = register(
    Kind(
        "consumers.letter_to_person",
        Purpose.TALK,
        _("%(shop)s wrote to you"),
        _("“%(beginning)s”"),
        channels=BY_MAIL_TOO,
    )
)
CONVERSATION_CLOSED = register(
    Kind(
        "consumers.conversation_closed",
        Purpose.TALK,
        _("Our staff closed the conversation about %(shop)s"),
        _("The reason: %(why)s"),
    )
)
CONVERSATION_STANDS = register(
    Kind(
        "consumers.conversation_stands",
        Purpose.TALK,
        _("Our staff read the conversation about %(shop)s; it stays open"),
        _("The reason: %(why)s"),
    )
)
