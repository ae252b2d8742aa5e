"""A person's conversations with shops: write, read on, stop it, ask our staff to look."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from consumers import actions
from consumers.box import Box
from consumers.conversations import letters_of
from consumers.models import Conversation
from consumers.web.conversation_forms import HarmForm, LetterForm
from consumers.web.reviews import shop_or_404
from messaging.actions import mark_read
from portal.kernel.access import SignedInRequest, allow, signed_in
from portal.kernel.refused import Refused
from portal.kernel.web import page_of, render_page

PAGE = 30


@allow(GET=signed_in, POST=signed_in)
def write(request: SignedInRequest, shop: str) -> HttpResponse:
    """The first message to a shop; who has a conversation with it already goes on there."""
    row = shop_or_404(shop)
    mine = Conversation.objects.held_by(request.user).filter(shop=row, merchant=row.merchant_id)
    if request.method != "POST" and (there := mine.first()):
        return redirect("consumers:conversation", there.token)
    form, status = LetterForm.fresh(), 200
    if request.method == "POST":
        form, status = LetterForm(request.POST), 422
        if form.is_valid():
            try:
                written = actions.write_to_shop(request.user, row, **form.cleaned_data)
                return redirect("consumers:conversation", written.conversation.token)
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
    context = {"shop": row, "box": Box.of(row), "form": form}
    return render_page(request, "consumers/write_message.html", context, status=status)


@allow(GET=signed_in)
def mine(request: SignedInRequest) -> HttpResponse:
    rows = Conversation.objects.held_by(request.user).in_lists()
    page = page_of(rows, request, size=PAGE, newest_by="last_at")
    return render_page(request, "consumers/my_messages.html", {"page": page})


@allow(GET=signed_in, POST=signed_in)
def conversation(request: SignedInRequest, token: str) -> HttpResponse:
    """Read it, write the next message below."""
    row = _mine(request, token)
    form, status = LetterForm.fresh(), 200
    if request.method == "POST":
        form, status = LetterForm(request.POST), 422
        if form.is_valid():
            try:
                actions.go_on(row, **form.cleaned_data)
                return redirect("consumers:conversation", token)
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
    actions.seen(row, by_shop=False)
    mark_read(request.user, url=request.path)
    context = {"conversation": row, "box": Box.of(row.shop), "form": form}
    return render_page(request, "consumers/conversation.html", context | letters_of(row), status=status)


@allow(POST=signed_in)
def block(request: SignedInRequest, token: str) -> HttpResponse:
    """Hear no more of the shop, or let it write again."""
    on = request.POST.get("block") != "no"
    row = actions.block(_mine(request, token), by_shop=False, on=on, by=request.user)
    messages.success(request, _("The shop can’t write to you any more.") if on else _("Open again."))
    return redirect("consumers:conversation", row.token)


@allow(GET=signed_in, POST=signed_in)
def report(request: SignedInRequest, token: str) -> HttpResponse:
    """Our staff read only what one of the two asks them to."""
    row = _mine(request, token)
    form, status = HarmForm(), 200
    if request.method == "POST":
        form, status = HarmForm(request.POST), 422
        if form.is_valid():
            actions.report_conversation(row, by=request.user, from_shop=False, **form.cleaned_data)
            messages.success(request, _("Reported. Our staff read it and tell you what they decide."))
            return redirect("consumers:conversation", token)
    context: dict[str, Any] = {"conversation": row, "form": form}
    return render_page(request, "consumers/report_conversation.html", context, status=status)


def _mine(request: SignedInRequest, token: str) -> Conversation:
    rows = Conversation.objects.held_by(request.user)
    return get_object_or_404(rows.select_related("shop__category", "shop__merchant", "person"), token=token)
