"""What the two sides of a conversation fill in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from consumers.models import LONGEST_LETTER, Harm
from portal.kernel.forms import CleanTextMixin, KeyedForm


class LetterForm(KeyedForm):
    said = forms.CharField(
        label=_("Your message"),
        max_length=LONGEST_LETTER,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("Write your message first"),
            "max_length": _(
                "This has %(show_value)d characters; the limit is %(limit_value)d. Send it in two parts"
            ),
        },
    )


class HarmForm(CleanTextMixin):
    harm = forms.ChoiceField(
        label=_("Why do you report it?"),
        choices=Harm,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong")},
    )
    said = forms.CharField(
        label=_("What should we know?"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
