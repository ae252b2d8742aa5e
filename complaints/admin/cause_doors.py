"""Why a case came about, said on its page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints import actions
from complaints.admin.forms import SeenForm
from complaints.models import Cause, Complaint
from portal.kernel.models import User


class CauseForm(SeenForm):
    """Retired causes can't be chosen; where one was found before, it stays until another is chosen."""

    main = forms.ModelChoiceField(
        label=_("Main cause"), queryset=Cause.objects.filter(is_retired=False).order_by("code")
    )
    factors = forms.ModelMultipleChoiceField(
        label=_("What contributed"),
        queryset=Cause.objects.filter(is_retired=False).order_by("code"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Both fields offer the same, so it is read once."""
        super().__init__(*args, **kwargs)
        offered = [(cause.pk, str(cause)) for cause in self.fields["main"].queryset]  # type: ignore[attr-defined]
        self.fields["main"].choices = [("", "---------"), *offered]  # type: ignore[attr-defined]
        self.fields["factors"].choices = offered  # type: ignore[attr-defined]


def _find(complaint: Complaint, by: User, said: dict[str, Any]) -> None:
    actions.find_causes(complaint, said["main"], list(said["factors"]), by=by, seen=said["seen"])


CAUSE_DOORS: dict[str, tuple[type[forms.Form], Any, Any]] = {
    "cause": (CauseForm, _find, _("The cause is kept.")),
}


def cause_tools(complaint: Complaint, bound: dict[str, forms.Form]) -> dict[str, Any]:
    findings = list(complaint.findings.select_related("cause", "by").order_by("-is_main", "pk"))
    begins = {
        "main": next((one.cause_id for one in findings if one.is_main), None),
        "factors": [one.cause_id for one in findings if not one.is_main],
    }
    return {
        "findings": findings,
        "cause": bound.get("cause", CauseForm(auto_id="cause-%s", initial=begins)),
    }
