"""Which macros a case is offered, and how they read in it."""

from django.db.models import Q
from django.utils import translation

from complaints.deadlines import promise_of
from complaints.models import Complaint, Macro
from complaints.reason_tree import reason_tree
from portal.kernel.dates import date_and_time
from portal.kernel.models import User


def macros_for(complaint: Complaint) -> list[Macro]:
    """Those for its reason, for one above it, and for any: the nearest first, then by name."""
    path = reason_tree().path(complaint.reason_id)
    offered = Macro.objects.filter(Q(reason=None) | Q(reason__in=path), is_kept=True)
    near: dict[str | None, int] = {code: steps for steps, code in enumerate(path)}
    return sorted(offered, key=lambda macro: (near.get(macro.reason_id, len(path)), macro.name))


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
