"""When a verb of complaints says no."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.refused import Refused


class Elsewhere(Refused):
    sentence = _("This purchase was not made by you at this shop. Report the problem from your receipt.")


class TooMany(Refused):
    sentence = _("You have reported a lot today. Add to one of your open complaints, or come back tomorrow.")


class NotFromHere(Refused):
    status = 409
    sentence = _("This complaint is “%(state)s” now, so that step is not possible. Look at it again.")


class SayWhy(Refused):
    sentence = _("Write down how it ended before you close the complaint; the person reads it.")


class NotStaff(Refused):
    sentence = _("%(name)s can’t answer complaints. Choose somebody who can.")


class TakenMeanwhile(Refused):
    status = 409
    sentence = _("%(name)s took this case a moment ago.")
