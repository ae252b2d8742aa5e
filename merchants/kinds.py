"""What merchants' people are told by message."""

from django.utils.translation import gettext_lazy as _

from messaging.kinds import Kind, register
from messaging.models import Channel, Purpose

CLAIM_APPROVED = register(
    Kind(
        name="merchants.claim_approved",
        purpose=Purpose.ACCOUNT,
        title=_("“%(shop)s” is now yours"),
        body=_("We have checked your claim. You can change hours, prices and photos of %(shop)s now."),
    )
)
CLAIM_REJECTED = register(
    Kind(
        name="merchants.claim_rejected",
        purpose=Purpose.ACCOUNT,
        title=_("Your claim to “%(shop)s” was not accepted"),
        body=_("Reason: %(reason)s You can claim it again with other evidence."),
    )
)
CLAIM_DISPUTED = register(
    Kind(
        name="merchants.claim_disputed",
        purpose=Purpose.ACCOUNT,
        title=_("Somebody else claims %(shop)s"),
        body=_("Tell us your side. We hear both before anything changes."),
    )
)
LISTING_TAKEN = register(
    Kind(
        name="merchants.listing_taken",
        purpose=Purpose.ACCOUNT,
        title=_("%(shop)s was given to another merchant"),
        body=_("We have heard both sides. Reason: %(reason)s"),
    )
)
CLAIM_CODE = register(
    Kind(
        name="merchants.claim_code",
        purpose=Purpose.ACCOUNT,
        title=_("Code for the claim to %(shop)s"),
        body=_("Somebody claims %(shop)s on Street Corner. If that is you, enter the code %(code)s."),
        channels=(Channel.SMS,),
        template="claim_code",
    )
)
SUSPENDED = register(
    Kind(
        name="merchants.suspended",
        purpose=Purpose.ACCOUNT,
        title=_("%(shop)s was suspended"),
        body=_("It is off every list until this is settled. Reason: %(reason)s"),
    )
)
SUSPENSION_LIFTED = register(
    Kind(
        name="merchants.suspension_lifted",
        purpose=Purpose.ACCOUNT,
        title=_("%(shop)s is listed again"),
        body=_("The suspension was lifted. Everything is as it was."),
    )
)
CORRECTION_ACCEPTED = register(
    Kind(
        name="merchants.correction_accepted",
        purpose=Purpose.ACCOUNT,
        title=_("Thank you: %(shop)s was corrected"),
        body=_("What you reported about %(shop)s was right. The listing says it now."),
    )
)
CORRECTION_DECLINED = register(
    Kind(
        name="merchants.correction_declined",
        purpose=Purpose.ACCOUNT,
        title=_("Your report about %(shop)s was not taken over"),
        body=_("Reason: %(reason)s Thank you for looking closely all the same."),
    )
)
CORRECTION_ARRIVED = register(
    Kind(
        name="merchants.correction_arrived",
        purpose=Purpose.ACCOUNT,
        title=_("A visitor says that something about %(shop)s is wrong"),
        body=_("Compare before and after, and take it over or not with one tap."),
    )
)
_INVITED_TITLE = _("%(merchant)s invites you to the team")
_INVITED_BODY = _("%(by)s invites you to work at %(merchant)s on Street Corner. Accept here: %(link)s")
INVITED = register(
    Kind(
        name="merchants.invited",
        purpose=Purpose.ACCOUNT,
        title=_INVITED_TITLE,
        body=_("%(by)s invites you to work at %(merchant)s. Open this message to accept."),
    )
)
INVITED_BY_SMS = register(
    Kind(
        name="merchants.invited_by_sms",
        purpose=Purpose.ACCOUNT,
        title=_INVITED_TITLE,
        body=_INVITED_BODY,
        channels=(Channel.SMS,),
        template="team_invitation",
    )
)
INVITED_BY_EMAIL = register(
    Kind(
        name="merchants.invited_by_email",
        purpose=Purpose.ACCOUNT,
        title=_INVITED_TITLE,
        body=_INVITED_BODY,
        channels=(Channel.EMAIL,),
    )
)
