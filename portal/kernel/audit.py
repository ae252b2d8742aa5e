"""Who changed what, when and from where, written by triggers so that no way round the code is silent."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pghistory
from django.db import models

M = TypeVar("M", bound=type[models.Model])


def audited(*, inserts: bool = True, leave_out: Sequence[str] = ()) -> Callable[[M], M]:
    """Class decorator: every change of the model's rows leaves a copy and its context.

    ``inserts=False`` for rows that say themselves who made them and when; ``leave_out`` names
    fields that machines keep (counters, search text), whose changes are nobody's deed.
    """
    trackers: list[Any] = [pghistory.UpdateEvent(), pghistory.DeleteEvent()]
    if inserts:
        trackers.insert(0, pghistory.InsertEvent())
    return pghistory.track(*trackers, exclude=list(leave_out) or None)


def context(**facts: Any) -> Any:
    """Say who acts when no request does: ``with audit.context(user=by.pk, reason="…"):``."""
    return pghistory.context(**facts)
