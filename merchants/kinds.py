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
