"""What is done to several cases of the queue at once; what one refuses stops no other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from complaints import actions
from complaints.facts import those_who_answer
from complaints.models import Complaint
from portal.kernel.models import User
from portal.kernel.refused import Refused


def _colleagues() -> list[tuple[Any, str]]:
    return [("", "–"), *((agent.pk, agent.says()) for agent in those_who_answer())]


class BulkForm(ActionForm):
    """Beside the action: to whom the cases go."""

    to = forms.ChoiceField(label=_("Colleague"), choices=_colleagues, required=False)


@dataclass
class Done:
    count: int = 0
    refused: list[tuple[Complaint, Refused]] = field(default_factory=list)


def chosen(key: str) -> User | None:
    return next((agent for agent in those_who_answer() if str(agent.pk) == key), None)


def give(cases: QuerySet[Complaint], to: User, *, by: User, only_free: bool) -> Done:
    """``only_free`` leaves alone what a colleague has."""

    def assign(complaint: Complaint) -> None:
        before = None if only_free else complaint.assignee_id
        actions.assign(complaint, to, by=by, moment=timezone.now(), instead_of=before)

    return _each(list(cases.order_by("pk")), assign)


def join(cases: QuerySet[Complaint], *, by: User) -> Done:
    """All but the earliest point to the earliest, and their people read that it goes on there."""
    first, *others = cases.select_related("person").order_by("filed_at", "pk")

    def mark(complaint: Complaint) -> None:
        with translation.override(complaint.person.language):
            why = gettext("The same thing was reported before.")
        actions.mark_duplicate(complaint, first, by=by, why=why, moment=timezone.now())

    return _each(others, mark)


def _each(cases: list[Complaint], act: Callable[[Complaint], None]) -> Done:
    done = Done()
    for complaint in cases:
        try:
            act(complaint)
            done.count += 1
        except Refused as refusal:
            done.refused.append((complaint, refusal))
    return done
