"""Keeping note of who asked for a case that isn't theirs."""

from complaints.models import CaseTry, Complaint
from portal.kernel.limits import Limit, take
from portal.kernel.models import User

#: More in an hour tell nothing new, and would only fill the table.
NOTED = Limit("tries at cases of others", most=100, seconds=3600)


def note_try(by: User, *, method: str, path: str, complaint: Complaint | None = None) -> None:
    if take(NOTED, by.pk):
        CaseTry.objects.create(complaint=complaint, by=by, method=method[:7], path=path[:200])
