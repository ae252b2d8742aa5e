"""A browser asks to be notified, or no longer; called by `static/js/push.js` after a tap on a button."""

from django import forms
from django.http import HttpResponse, JsonResponse

from messaging import actions
from messaging.consent import proof_of
from messaging.endpoints import LONGEST
from messaging.models import Channel, Purpose, Source
from portal.kernel.access import SignedInRequest, allow, signed_in
from portal.kernel.forms import CleanTextMixin
from portal.kernel.refused import Refused


class BrowserForm(CleanTextMixin):
    """``purpose`` is named when the person asked to be told of something in particular."""

    endpoint = forms.CharField(max_length=LONGEST)
    p256dh = forms.CharField(max_length=200)
    auth = forms.CharField(max_length=100)
    purpose = forms.ChoiceField(choices=Purpose, required=False)


@allow(POST=signed_in)
def subscribe(request: SignedInRequest) -> HttpResponse:
    form = BrowserForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    purpose = form.cleaned_data.pop("purpose")
    try:
        actions.subscribe_browser(request.user, request.session.session_key or "", **form.cleaned_data)
    except Refused as refusal:
        return JsonResponse({"refused": str(refusal)}, status=refusal.status)
    if purpose:
        proof = proof_of(form.cleaned_data["endpoint"])
        actions.choose(request.user, {(purpose, Channel.PUSH.value): True}, source=Source.PUSH, proof=proof)
    return HttpResponse(status=204)


@allow(POST=signed_in)
def forget(request: SignedInRequest) -> HttpResponse:
    actions.forget_browser(request.user, request.POST.get("endpoint", "")[:LONGEST])
    return HttpResponse(status=204)
