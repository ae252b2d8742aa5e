"""When a verb of complaints says no."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.refused import Refused


class Elsewhere(Refused):
    sentence = _("This purchase was not made by you at this shop. Report the problem from your receipt.")


class NotYourCoupon(Refused):
    sentence = _("This coupon isn’t yours or is another shop’s. Report the problem from the coupon itself.")


class ReportClosed(Refused):
    status = 409
    sentence = _("This report is closed. If something new happened, report it anew.")


class TooMany(Refused):
    sentence = _("You have reported a lot today. Add to one of your open complaints, or come back tomorrow.")


class NotFromHere(Refused):
    status = 409
    sentence = _("This complaint is “%(state)s” now, so that step is not possible. Look at it again.")


class ChangedMeanwhile(Refused):
    status = 409
    sentence = _("Somebody changed this case after you opened it; it is “%(state)s” now. Read it again.")


class NotForYou(Refused):
    status = 403
    sentence = _("That step isn’t yours to take in this case.")


class SayWhy(Refused):
    sentence = _("Write down why; the person reads it.")


class NoPolicy(Refused):
    sentence = _("There are no deadlines yet. Somebody has to set them under “Deadline policies”.")


class NotTheFirst(Refused):
    sentence = _("Choose the first report of the same thing: another case about the same shop.")


class AlreadyThere(Refused):
    status = 409
    sentence = _("The case has gone up already, to “%(level)s”.")


class TooLate(Refused):
    sentence = _("A case is opened again within %(days)d days. Report the problem anew, please.")


class OpenedOften(Refused):
    sentence = _("This case was opened again %(times)d times already. Report the problem anew, please.")


class NotStaff(Refused):
    sentence = _("%(name)s can’t answer complaints. Choose somebody who can.")


class TakenMeanwhile(Refused):
    status = 409
    sentence = _("%(name)s took this case a moment ago.")


class PromisesOpen(NotFromHere):
    sentence = _("What was promised is not done yet. Do it first, or have a supervisor drop it.")


class NotReady(Refused):
    sentence = _("A remedy in this proposal still waits for approval. Have it approved, or drop it.")


class NotDecidable(Refused):
    status = 409
    sentence = _("This remedy is “%(state)s” now. Look at the case again.")


class NotYourOwn(Refused):
    status = 403
    sentence = _("Whoever proposed a remedy doesn’t approve it. Ask a colleague.")


class AboveYourLimit(Refused):
    status = 403
    sentence = _("You decide up to %(most)s alone. Somebody with a higher limit has to approve this.")


class NotGiveable(Refused):
    sentence = _("This can’t be given in this case: %(because)s")


class NothingToGive(Refused):
    sentence = _("Say what it is worth, and what the person reads.")


class ProofMissing(Refused):
    sentence = _("Say how it was done: the number of the transfer, or when the service was given.")


class GoodwillSpent(Refused):
    sentence = _("Your goodwill for this month has %(left)s left. Ask a supervisor.")


class ReasonGone(Refused):
    sentence = _("This reason is no longer offered. Choose another one.")


class TakenInBefore(Refused):
    status = 409
    sentence = _("This file is being taken in already. Upload another one.")


class CauseRetired(Refused):
    sentence = _("This cause is no longer used. Choose another one.")


class EvidenceMissing(Refused):
    sentence = _("Write down how one sees that it was done.")


class AnsweredBefore(Refused):
    status = 409
    sentence = _("You have answered already. Thank you.")


class AskedLongAgo(Refused):
    status = 410
    sentence = _("We asked more than %(days)d days ago, so this answer is no longer counted.")


class DoneBefore(Refused):
    status = 409
    sentence = _("Somebody has called this person already.")


class NobodyToAnswer(Refused):
    sentence = _("Nobody could be answered: the mail names no clear sender, or the account is closed.")


class SortedBefore(Refused):
    status = 409
    sentence = _("This mail is “%(state)s” now. Look at it again.")


class NothingInIt(Refused):
    sentence = _("There is nothing in this mail that a case could take.")


class NotTaken(Refused):
    sentence = _("The case didn’t take it: %(because)s")


class NotDiscarded(Refused):
    sentence = _("Only mail that was skipped or discarded, and is still kept, comes back into the queue.")
