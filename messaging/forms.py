"""What several pages ask of a person's contact."""

from django import forms
from django.utils.translation import gettext_lazy


class QuietForm(forms.Form):
    """Two times on the wall clock of the person's own zone."""

    quiet_from = forms.TimeField(
        label=gettext_lazy("Quiet from"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("Enter a time such as 21:00")},
    )
    quiet_until = forms.TimeField(
        label=gettext_lazy("Quiet until"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("Enter a time such as 09:00")},
    )
