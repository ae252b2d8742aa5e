"""What a merchant decides about its card."""

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty.models import FACES, Programme
from portal.kernel.forms import CleanTextMixin

NAMES = {
    "jade": _("Jade"),
    "ink": _("Ink"),
    "plum": _("Plum"),
    "persimmon": _("Persimmon"),
    "sky": _("Sky"),
    "tea": _("Tea"),
    "rose": _("Rose"),
    "slate": _("Slate"),
    "moss": _("Moss"),
    "gold": _("Gold"),
    "rice": _("Rice"),
    "mint": _("Mint"),
}


class ProgrammeForm(CleanTextMixin, forms.ModelForm):
    """Name, face, slogan and the rule of points."""

    face = forms.ChoiceField(
        label=_("Face"), choices=[(face, NAMES[face]) for face in FACES], widget=forms.RadioSelect
    )
    points_per_unit = forms.IntegerField(label=_("Points per yuan"), min_value=1, max_value=100)
    points_expire_months = forms.IntegerField(
        label=_("Points expire after (months)"),
        min_value=1,
        max_value=120,
        required=False,
        help_text=_("Empty: never. Points already earned keep the date they have."),
    )

    class Meta:
        model = Programme
        fields = ("name", "slogan", "face", "points_per_unit", "points_expire_months", "is_open")
