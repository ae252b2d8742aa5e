"""What complaints tell people, and in which words."""

from django.utils.translation import gettext_lazy as _

from messaging.kinds import Kind, register
from messaging.models import Purpose

RECEIVED = register(
    Kind(
        "complaints.received",
        Purpose.CASE,
        _("We have your complaint"),
        _("Number %(number)s about %(shop)s. We answer by %(due)s."),
    )
)
REPLIED = register(
    Kind(
        "complaints.replied",
        Purpose.CASE,
        _("Answer to your complaint"),
        _("There is an answer to complaint %(number)s about %(shop)s."),
    )
)
ON_ENTERING = {
    "progress": register(
        Kind(
            "complaints.progress",
            Purpose.CASE,
            _("We are working on your complaint"),
            _("Complaint %(number)s about %(shop)s is in progress."),
        )
    ),
    "shop": register(
        Kind(
            "complaints.shop",
            Purpose.CASE,
            _("We asked the shop"),
            _("For complaint %(number)s we now wait for %(shop)s to answer."),
        )
    ),
    "person": register(
        Kind(
            "complaints.person",
            Purpose.CASE,
            _("We need something from you"),
            _("Complaint %(number)s about %(shop)s waits for your answer."),
        )
    ),
    "solved": register(
        Kind(
            "complaints.solved",
            Purpose.CASE,
            _("Your complaint is marked as solved"),
            _("If something about %(shop)s is still not right, say so on the page of complaint %(number)s."),
        )
    ),
    "closed": register(
        Kind(
            "complaints.closed",
            Purpose.CASE,
            _("Your complaint is closed"),
            _("Complaint %(number)s about %(shop)s: %(why)s"),
        )
    ),
}
ABOUT_YOUR_SHOP = register(
    Kind(
        "complaints.about_your_shop",
        Purpose.CASE,
        _("A customer reports a problem"),
        _("Complaint %(number)s about %(shop)s. You can read it under Complaints."),
    )
)
PERSON_ANSWERED = register(
    Kind(
        "complaints.person_answered",
        Purpose.CASE,
        _("New words in your case"),
        _("The person wrote in complaint %(number)s about %(shop)s."),
    )
)
