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
#: What the person hears when the case enters a state; the other states are steps on the way.
ON_ENTERING = {
    "investigating": register(
        Kind(
            "complaints.investigating",
            Purpose.CASE,
            _("We are working on your complaint"),
            _("Complaint %(number)s about %(shop)s is in progress."),
        )
    ),
    "merchant": register(
        Kind(
            "complaints.merchant",
            Purpose.CASE,
            _("We asked the shop"),
            _("For complaint %(number)s we now wait for %(shop)s to answer."),
        )
    ),
    "consumer": register(
        Kind(
            "complaints.consumer",
            Purpose.CASE,
            _("We need something from you"),
            _("Complaint %(number)s about %(shop)s waits for your answer."),
        )
    ),
    "proposed": register(
        Kind(
            "complaints.proposed",
            Purpose.CASE,
            _("There is a proposal for you"),
            _("Complaint %(number)s about %(shop)s: read the proposal and say whether you accept it."),
        )
    ),
    "remedy": register(
        Kind(
            "complaints.remedy",
            Purpose.CASE,
            _("What was agreed is on its way"),
            _("For complaint %(number)s about %(shop)s we now do what was agreed."),
        )
    ),
    "resolved": register(
        Kind(
            "complaints.resolved",
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
    "duplicate": register(
        Kind(
            "complaints.duplicate",
            Purpose.CASE,
            _("We have this report already"),
            _("Complaint %(number)s about %(shop)s goes on with an earlier report: %(why)s"),
        )
    ),
    "reopened": register(
        Kind(
            "complaints.reopened",
            Purpose.CASE,
            _("Your complaint is open again"),
            _("Complaint %(number)s about %(shop)s is being looked at again."),
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
ANSWER_AWAITED = register(
    Kind(
        "complaints.answer_awaited",
        Purpose.CASE,
        _("We still need something from you"),
        _("Complaint %(number)s about %(shop)s waits for your answer until %(due)s."),
    )
)
SHOP_ANSWER_DUE = register(
    Kind(
        "complaints.shop_answer_due",
        Purpose.CASE,
        _("An answer is due"),
        _("Complaint %(number)s about %(shop)s waits for your answer until %(due)s."),
    )
)
DUE_SOON = register(
    Kind(
        "complaints.due_soon",
        Purpose.CASE,
        _("A complaint is due soon"),
        _("Complaint %(number)s about %(shop)s: due %(due)s."),
    )
)
OVERDUE = register(
    Kind(
        "complaints.overdue",
        Purpose.CASE,
        _("A complaint is overdue"),
        _("Complaint %(number)s about %(shop)s was due %(due)s and goes up a level."),
    )
)
