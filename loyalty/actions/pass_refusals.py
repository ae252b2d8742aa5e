"""Why a pass is not sold, used or undone."""

from django.utils.translation import gettext_lazy as _

from loyalty.value.ledger import NoVisitsLeft
from portal.kernel.refused import Refused


class NotSold(Refused):
    sentence = _("This pass isn't sold any more.")


class NotHere(Refused):
    sentence = _("This pass isn't good at this shop.")


class PinNeeded(Refused):
    sentence = _("For this pass the customer agrees with the PIN first.")


class OnlyAtTheCounter(Refused):
    sentence = _("This pass is sold at the counter only.")


class OtherPromise(Refused):
    status = 409
    sentence = _("The shop has changed this pass meanwhile. Look at it once more.")


class TooFewVisits(NoVisitsLeft):
    sentence = _("The pass has %(balance)d visits left, %(short)d fewer than asked.")


class VisitsUsed(Refused):
    status = 409
    sentence = _("Visits of this pass were used already. Refund what is left of it instead.")


class MovedSince(Refused):
    status = 409
    sentence = _("The pass has moved to another card since. What was used stays used.")
