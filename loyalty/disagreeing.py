"""Why a payment is not agreed to, or an agreement can't be used; each sentence says what to do."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.refused import Refused


class OwnCard(Refused):
    sentence = _("Nobody takes payment from a card of their own. Ask a colleague.")


class OtherMerchant(Refused):
    sentence = _("This approval was given to another merchant.")


class NothingToPayWith(Refused):
    sentence = _("There is nothing on this card to pay with.")


class AskForSomething(Refused):
    sentence = _("Enter the amount to pay, more than nothing.")


class NotAnswered(Refused):
    sentence = _("The customer has not approved this yet.")


class Declined(Refused):
    sentence = _("The customer has declined.")


class Expired(Refused):
    sentence = _("The approval has expired. Ask the customer again.")


class UsedAlready(Refused):
    status = 409
    sentence = _("This approval was used already.")


class OtherAmount(Refused):
    sentence = _("The customer approved another amount. Ask again for this one.")


class BeyondLimit(Refused):
    sentence = _("This is more than the card holds.")


class KeypadUsed(Refused):
    status = 409
    sentence = _("This keypad was used already. Use the one that is shown now.")
