"""What people are told about reviews, and in which words."""

from django.utils.translation import gettext_lazy as _

from messaging.kinds import Kind, register
from messaging.models import Purpose

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
