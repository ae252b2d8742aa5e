"""What complaints tell people, and in which words."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from complaints.links import open_path
from complaints.mailbox.threads import thread_of
from messaging.kinds import Kind, register
from messaging.models import Channel, Purpose

BY_MAIL_TOO = (Channel.INBOX, Channel.PUSH, Channel.EMAIL)


def _to_person(kind: Kind) -> Kind:
    """By mail too, and outside the portal with a link that opens the case without signing in.

    The mails of a case stand together in mail programs, and their answers come back into it.
    """
    channels = kind.channels if Channel.EMAIL in kind.channels else BY_MAIL_TOO
    return register(replace(kind, channels=channels, outside=open_path, thread=thread_of))


RECEIVED = _to_person(
    Kind(
        "complaints.received",
        Purpose.CASE,
        _("We have your complaint"),
        _("Number %(number)s about %(shop)s. We answer by %(due)s."),
    )
)
#: Who called may have nothing but a phone.
TAKEN_DOWN = register(
    Kind(
        "complaints.taken_down",
        Purpose.CASE,
        _("We have written down your complaint"),
        _(
            "Number %(number)s about %(shop)s. We answer by %(due)s. "
            "Sign in with this phone number to follow it."
        ),
        channels=(Channel.INBOX, Channel.SMS),
    )
)
#: To the address that wrote, before there is a case: staff find out first which shop it is about.
MAIL_RECEIVED = _to_person(
    Kind(
        "complaints.mail_received",
        Purpose.CASE,
        _("We have your mail"),
        _(
            "It has the number %(number)s. We see which shop it is about, then somebody answers you. "
            "The link shows how far we are; your case will stand there too."
        ),
        channels=(Channel.EMAIL,),
    )
)
MAIL_JOINED = _to_person(
    Kind(
        "complaints.mail_joined",
        Purpose.CASE,
        _("Your mail is in your complaint"),
        _("We have added it to complaint %(number)s about %(shop)s. %(why)s"),
        channels=(Channel.INBOX, Channel.EMAIL),
    )
)
REPLIED = _to_person(
    Kind(
        "complaints.replied",
        Purpose.CASE,
        _("Answer to your complaint"),
        _("There is an answer to complaint %(number)s about %(shop)s."),
    )
)
#: What the person hears when the case enters a state; the other states are steps on the way.
ON_ENTERING = {
    "investigating": _to_person(
        Kind(
            "complaints.investigating",
            Purpose.CASE,
            _("We are working on your complaint"),
            _("Complaint %(number)s about %(shop)s is in progress."),
        )
    ),
    "merchant": _to_person(
        Kind(
            "complaints.merchant",
            Purpose.CASE,
            _("We asked the shop"),
            _("For complaint %(number)s we now wait for %(shop)s to answer."),
        )
    ),
    "consumer": _to_person(
        Kind(
            "complaints.consumer",
            Purpose.CASE,
            _("We need something from you"),
            _("Complaint %(number)s about %(shop)s waits for your answer."),
        )
    ),
    "proposed": _to_person(
        Kind(
            "complaints.proposed",
            Purpose.CASE,
            _("There is a proposal for you"),
            _("Complaint %(number)s about %(shop)s: read the proposal and say whether you accept it."),
        )
    ),
    "remedy": _to_person(
        Kind(
            "complaints.remedy",
            Purpose.CASE,
            _("What was agreed is on its way"),
            _("For complaint %(number)s about %(shop)s we now do what was agreed."),
        )
    ),
    "resolved": _to_person(
        Kind(
            "complaints.resolved",
            Purpose.CASE,
            _("Your complaint is marked as solved"),
            _("If something about %(shop)s is still not right, say so on the page of complaint %(number)s."),
        )
    ),
    "closed": _to_person(
        Kind(
            "complaints.closed",
            Purpose.CASE,
            _("Your complaint is closed"),
            _("Complaint %(number)s about %(shop)s: %(why)s"),
        )
    ),
    "duplicate": _to_person(
        Kind(
            "complaints.duplicate",
            Purpose.CASE,
            _("We have this report already"),
            _("Complaint %(number)s about %(shop)s goes on with an earlier report: %(why)s"),
        )
    ),
    "reopened": _to_person(
        Kind(
            "complaints.reopened",
            Purpose.CASE,
            _("Your complaint is open again"),
            _("Complaint %(number)s about %(shop)s is being looked at again."),
        )
    ),
}
#: Says nothing of what it is about: others may read over one's shoulder, and staff read what was sent.
CONFIDENTIAL = register(
    Kind(
        "complaints.news",
        Purpose.CASE,
        _("There is an answer for you"),
        _("Open your complaints to read it."),
        channels=BY_MAIL_TOO,
    )
)
ABOUT_YOUR_SHOP = register(
    Kind(
        "complaints.about_your_shop",
        Purpose.CASE,
        _("A customer reports a problem"),
        _("Complaint %(number)s about %(shop)s. You can read it under Complaints."),
    )
)
#: What owners and managers of the shop hear when the case enters a state.
SHOP_ON_ENTERING = {
    "merchant": register(
        Kind(
            "complaints.shop_asked",
            Purpose.CASE,
            _("Your answer is needed"),
            _("A customer waits in complaint %(number)s about %(shop)s. Please answer by %(due)s."),
        )
    ),
    "accepted": register(
        Kind(
            "complaints.shop_accepted",
            Purpose.CASE,
            _("A proposal was accepted"),
            _("Complaint %(number)s about %(shop)s: the customer accepted. Say when you begin."),
        )
    ),
}
SHOP_ANSWERED = register(
    Kind(
        "complaints.shop_answered",
        Purpose.CASE,
        _("The shop answered"),
        _("There is an answer of the shop in complaint %(number)s about %(shop)s."),
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
#: Remedies: who has to say yes, and who wanted it hears what became of that.
REMEDY_AWAITED = register(
    Kind(
        "complaints.remedy_awaited",
        Purpose.CASE,
        _("Your agreement is needed"),
        _(
            "Complaint %(number)s about %(shop)s: %(worth)s for the customer. "
            "Nothing is given before you agree."
        ),
    )
)
SECOND_AWAITED = register(
    Kind(
        "complaints.second_awaited",
        Purpose.CASE,
        _("A remedy waits for approval"),
        _("Complaint %(number)s about %(shop)s: %(worth)s lies above the limit of who proposed it."),
    )
)
SHOP_OFFERED = register(
    Kind(
        "complaints.shop_offered",
        Purpose.CASE,
        _("The shop offers something"),
        _("Complaint %(number)s about %(shop)s: look at it and send the proposal."),
    )
)
REMEDY_APPROVED = register(
    Kind(
        "complaints.remedy_approved",
        Purpose.CASE,
        _("What you proposed is agreed"),
        _("Complaint %(number)s about %(shop)s: %(worth)s for the customer. The proposal can be sent."),
    )
)
REMEDY_DROPPED = register(
    Kind(
        "complaints.remedy_dropped",
        Purpose.CASE,
        _("What you proposed is not given"),
        _("Complaint %(number)s about %(shop)s: %(why)s"),
    )
)
ANSWER_AWAITED = _to_person(
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
HOW_WAS_IT = register(
    Kind(
        "complaints.how_was_it",
        Purpose.CASE,
        _("How did we do?"),
        _("Complaint %(number)s about %(shop)s is closed. One tap tells us how it went."),
    )
)
