"""Which macros a case is offered, and how they read in it."""

from django.db.models import Q
from django.utils import translation

from complaints.deadlines import promise_of
from complaints.models import Complaint, Macro
from complaints.reason_tree import reason_tree
from portal.kernel.dates import date_and_time
from portal.kernel.models import User


def macros_for(complaint: Complaint) -> list[Macro]:
    """Those for its reason or one above it and those for any, by name."""
    fitting = Q(reason=None) | Q(reason__in=reason_tree().path(complaint.reason_id))
    offered = Macro.objects.filter(fitting, is_kept=True)
    return list(offered.order_by("name"))


def read_out(macro: Macro, complaint: Complaint, agent: User) -> str:
    """As the person will read it, in the person's language."""
    language = complaint.person.language
    with translation.override(language):
        return macro.filled(
            language,
            name=complaint.person.says(),
            number=complaint.number_in_groups,
            shop=complaint.shop.title,
            agent=agent.says(),
            due=date_and_time(promise_of(complaint).at),
        )
