"""Remedies on the page of a case: the doors through which they are decided and done."""

from typing import Any

from django import forms
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import actions
from complaints.admin.remedy_forms import DropForm, GoodwillForm, ProofForm, TheRemedyForm
from complaints.models import Complaint, Remedy
from complaints.remedying.authority import goodwill_left
from complaints.remedying.offering import RemedyForm
from complaints.states import DESK
from portal.kernel.models import User


def _of(complaint: Complaint, said: dict[str, Any]) -> Remedy:
    remedy = Remedy.objects.filter(complaint=complaint, pk=said.pop("remedy")).first()
    if remedy is None:
        raise Http404(_("There is no such remedy."))
    return remedy


def _propose(complaint: Complaint, by: User, said: dict[str, Any]) -> None:
    actions.propose_remedy(complaint, said.pop("kind"), by=by, moment=timezone.now(), **said)


def _approve(complaint: Complaint, by: User, said: dict[str, Any]) -> None:
    actions.approve_remedy(_of(complaint, said), by=by, moment=timezone.now())


def _drop(complaint: Complaint, by: User, said: dict[str, Any]) -> None:
    actions.drop_remedy(_of(complaint, said), by=by, moment=timezone.now(), **said)


def _execute(complaint: Complaint, by: User, said: dict[str, Any]) -> None:
    actions.execute_remedy(_of(complaint, said), by=by, moment=timezone.now(), **said)


def _goodwill(complaint: Complaint, by: User, said: dict[str, Any]) -> None:
    actions.give_goodwill(complaint, said.pop("worth"), by=by, moment=timezone.now(), **said)


REMEDY_DOORS: dict[str, tuple[type[forms.Form], Any, Any]] = {
    "remedy": (RemedyForm, _propose, gettext_lazy("The remedy is part of the proposal.")),
    "approve": (TheRemedyForm, _approve, gettext_lazy("The remedy is approved.")),
    "drop": (DropForm, _drop, gettext_lazy("The remedy is dropped.")),
    "execute": (ProofForm, _execute, gettext_lazy("The remedy is done.")),
    "goodwill": (GoodwillForm, _goodwill, gettext_lazy("The goodwill is promised.")),
}


def remedy_tools(user: User, role: str, complaint: Complaint, bound: dict[str, forms.Form]) -> dict[str, Any]:
    """The remedies of the case, and the forms for those who may use them."""
    remedies = list(complaint.remedies.in_full())
    proposal: Any = bound.get("remedy", RemedyForm.fresh(auto_id="remedy-%s"))
    proposal.offer_what_fits(complaint)
    return {
        "remedies": remedies,
        "cost": sum(remedy.worth for remedy in remedies if remedy.state in ("promised", "executed")),
        "may_decide": role in DESK,
        "remedy": proposal,
        "goodwill": bound.get("goodwill", GoodwillForm.fresh(auto_id="goodwill-%s")),
        "goodwill_left": goodwill_left(user, role, timezone.now()) if role in DESK else 0,
        "may_propose": complaint.is_open and complaint.state not in ("proposed", "accepted", "remedy"),
        "may_give": complaint.is_open,
    }
