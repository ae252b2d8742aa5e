"""The ways in which reviews and conversations can refuse something, and what to do instead."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.refused import Refused


class OwnShop(Refused):
    sentence = _("You work or worked for this shop, so others have to judge it.")


class NothingToReview(Refused):
    sentence = _("Public places are listed for information; they are not reviewed here.")


class NotYourPurchase(Refused):
    sentence = _("This purchase is not yours, was undone, or was made at another shop.")


class ReviewTooLate(Refused):
    sentence = _("A purchase can be reviewed for 30 days. You can still write an ordinary review.")


class ReviewedAlready(Refused):
    sentence = _("You have reviewed this purchase. You find your review under My reviews.")


class SaidAlready(Refused):
    sentence = _(
        "You have written an ordinary review of this shop in the last 180 days."
        " Edit that one, or review your next purchase."
    )


class TooManyReviews(Refused):
    sentence = _("That is a lot of reviews for one day. Go on tomorrow.")


class EditTooLate(Refused):
    sentence = _("A review can be changed for 30 days after it was written. You can still take it back.")


class NotOpen(Refused):
    sentence = _("This review was taken down or taken back and can't be changed.")


class TooManyPhotosHere(Refused):
    sentence = _("A review shows up to %(most)d photos. Choose the best ones.")


class StarsMissing(Refused):
    sentence = _("Choose one to five stars")


class NotYourReview(Refused):
    sentence = _("Only owners and managers answer reviews of their own shops.")


class OwnReview(Refused):
    sentence = _("This review is your own. You can change it or take it back under My reviews.")


class ReportedAlready(Refused):
    sentence = _("Your shop has reported this review already. The decision appears beside it.")


class DecidedMeanwhile(Refused):
    status = 409
    sentence = _("Somebody has decided about this review meanwhile. Look at it again.")


class SayWhy(Refused):
    sentence = _("Choose the rule and write the reason; writer and reporter both read it.")


class BoxShut(Refused):
    sentence = _("This shop takes no messages here. Call, or go there.")


class OwnBox(Refused):
    sentence = _("You work for this shop. Its messages are in the console, under Messages.")


class ConversationShut(Refused):
    sentence = _("This conversation is closed; nothing can be added to it.")


class TheirTurn(Refused):
    sentence = _("You have sent %(most)d messages. Wait for an answer first; the shop has been told.")


class TooManyLetters(Refused):
    status = 429
    sentence = _("That is a lot of messages at once. Go on later.")


class NotYourConversation(Refused):
    sentence = _("Only owners and managers answer messages to their own shops.")


class SayWhyOfConversation(Refused):
    sentence = _("Write the reason; whoever reported it reads it.")
