"""What may come, where and when: the matrix of purposes and channels, and the quiet hours."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache

from messaging import actions
from messaging.consent import TEXT, by_default, is_fixed, proof_of
from messaging.endpoints import application_server_key
from messaging.forms import QuietForm
from messaging.models import Channel, Choice, Purpose, PushSubscription, Source, Times
from portal.kernel.access import SignedInRequest, allow, signed_in
from portal.kernel.models import User
from portal.kernel.web import render_page

# Short, for four columns stand beside each other on a phone; in the order of Channel.
CHANNEL_NAMES = (
    gettext_lazy("Inbox"),
    pgettext_lazy("channel", "Push"),
    pgettext_lazy("channel", "E-mail"),
    pgettext_lazy("channel", "SMS"),
)


def matrix(person: User) -> list[dict[str, Any]]:
    """One row per purpose, one cell per channel."""
    standing = {(c.purpose, c.channel): c.wanted for c in Choice.objects.of(person)}
    return [
        {
            "purpose": purpose,
            "cells": [
                {
                    "channel": channel,
                    "name": f"{purpose.value}.{channel.value}",
                    "fixed": is_fixed(purpose, channel),
                    "wanted": is_fixed(purpose, channel)
                    or standing.get((purpose.value, channel.value), by_default(purpose, channel)),
                }
                for channel in Channel
            ],
        }
        for purpose in Purpose
    ]


def _quiet(person: User) -> dict[str, Any]:
    times = Times.objects.filter(person=person).first() or Times()
    return {"quiet_from": times.quiet_from, "quiet_until": times.quiet_until}


def _page(request: SignedInRequest, form: QuietForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "channels": CHANNEL_NAMES,
        "rows": matrix(request.user),
        "text": TEXT,
        "push_key": application_server_key(),
        "push_bound": PushSubscription.objects.filter(
            person=request.user, session=request.session.session_key
        ).exists(),
    }
    return render_page(request, "messaging/notifications.html", context, status=status)


@allow(GET=signed_in, POST=signed_in)
@never_cache
def notifications(request: SignedInRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, QuietForm(initial=_quiet(request.user)))
    form = QuietForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    wishes = {
        (purpose.value, channel.value): f"{purpose.value}.{channel.value}" in request.POST
        for purpose in Purpose
        for channel in Channel
    }
    proof = proof_of(request.session.session_key or "")
    actions.choose(request.user, wishes, source=Source.PAGE, proof=proof)
    actions.set_quiet_hours(request.user, **form.cleaned_data)
    messages.success(request, _("Saved. It holds from now on."))
    return redirect("messaging:notifications")
