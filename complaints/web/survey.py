"""How it was: one tap by a link, without an account."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints import actions
from complaints.models import Survey
from complaints.models.survey import SCORES
from portal.kernel.access import allow, anyone
from portal.kernel.forms import CleanTextMixin
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

WORDS = {
    5: _("Very good"),
    4: _("Good"),
    3: _("So-so"),
    2: _("Poor"),
    1: _("Very poor"),
}


class ScoreForm(CleanTextMixin):
    """Either a score, or words to the score that was given."""

    score = forms.TypedChoiceField(choices=[(score, score) for score in SCORES], coerce=int, required=False)
    said = forms.CharField(
        label=_("What should we have done better?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@allow(GET=anyone, POST=anyone)
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link answers nothing, for mail readers open links, too."""
    asked = get_object_or_404(Survey.objects.select_related("complaint__shop"), token=token)
    form, status = ScoreForm(), 200
    if request.method == "POST":
        form, status = ScoreForm(request.POST), 422
        if form.is_valid():
            try:
                _answer(asked, form)
                return redirect("complaints:survey", token)
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
    context = {"asked": asked, "form": form, "words": WORDS.items(), "given": WORDS.get(asked.score or 0)}
    response = render_page(request, "complaints/survey.html", context, status=status)
    response["Cache-Control"] = "no-store, private"
    return response


def _answer(asked: Survey, form: ScoreForm) -> None:
    if score := form.cleaned_data["score"]:
        actions.rate(asked, score, moment=timezone.now())
    elif said := form.cleaned_data["said"]:
        actions.add_words(asked, said)
