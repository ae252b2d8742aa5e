"""Which macros a case is offered, and how they read in it."""

from django.utils import translation

from complaints.clocks.deadlines import promise_of
from complaints.models import Complaint, Macro
from complaints.reasons.tree import reason_tree
from portal.kernel.dates import date_and_time
from portal.kernel.models import User


def macros_for(complaint: Complaint) -> list[Macro]:
    """Those for its reason, for one above it, and for any: the nearest first, then by name."""
    kept = list(Macro.objects.filter(is_kept=True))
    is_told_apart = any(macro.reason_id for macro in kept)  # else nobody needs the tree
    path: list[str | None] = [*(reason_tree().path(complaint.reason_id) if is_told_apart else ()), None]
    offered = [macro for macro in kept if macro.reason_id in path]
    return sorted(offered, key=lambda macro: (path.index(macro.reason_id), macro.name))


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
