"""What customers write to a merchant's shops: those who wait first; and whether they can write at all."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from consumers import actions
from consumers.box import boxes_of
from consumers.conversations import letters_of
from consumers.models import Conversation
from consumers.web.conversation_forms import HarmForm, LetterForm
from merchants.models import Role, Shop
from merchants.web.access import MerchantRequest, merchant_staff
from messaging.actions import mark_read
from portal.kernel.access import allow
from portal.kernel.refused import Refused
from portal.kernel.web import page_of, render_page

ANSWERS = merchant_staff(Role.MANAGER)
PAGE = 30


@allow(GET=ANSWERS)
def of_merchant(request: MerchantRequest, merchant: str) -> HttpResponse:
    """Who waits for an answer; ``?all=1`` shows the answered ones too."""
    rows, everything = Conversation.objects.of(request.merchant), "all" in request.GET
    chosen = rows if everything else rows.unanswered()
    context = {
        "page": page_of(chosen.in_lists(), request, size=PAGE, newest_by="last_at"),
        "everything": everything,
        "waiting": rows.unanswered().count(),
        "boxes": boxes_of(request.merchant),
    }
    return render_page(request, "consumers/shop_messages.html", context)


@allow(GET=ANSWERS, POST=ANSWERS)
def conversation(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    """Read it, answer below."""
    row = _ours(request, token)
    form, status = LetterForm.fresh(), 200
    if request.method == "POST":
        form, status = LetterForm(request.POST), 422
        if form.is_valid():
            try:
                answer = form.cleaned_data
                actions.answer_person(row, merchant=request.merchant, by=request.user, **answer)
                return redirect("consumers:shop_conversation", merchant, token)
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
    actions.seen(row, by_shop=True)
    mark_read(request.user, url=request.path)
    context = {"conversation": row, "form": form} | letters_of(row)
    return render_page(request, "consumers/shop_conversation.html", context, status=status)


@allow(POST=ANSWERS)
def block(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    """This person can't write to any shop of the merchant, or can again."""
    on = request.POST.get("block") != "no"
    actions.block(_ours(request, token), by_shop=True, on=on, by=request.user)
    done = _("This person can’t write to your shops any more.") if on else _("Open again.")
    messages.success(request, done)
    return redirect("consumers:shop_conversation", merchant, token)


@allow(GET=ANSWERS, POST=ANSWERS)
def report(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    row = _ours(request, token)
    form, status = HarmForm(), 200
    if request.method == "POST":
        form, status = HarmForm(request.POST), 422
        if form.is_valid():
            actions.report_conversation(row, by=request.user, from_shop=True, **form.cleaned_data)
            messages.success(request, _("Reported. Our staff read it and tell you what they decide."))
            return redirect("consumers:shop_conversation", merchant, token)
    context: dict[str, Any] = {"conversation": row, "form": form}
    return render_page(request, "consumers/report_to_us.html", context, status=status)


@allow(POST=ANSWERS)
def box(request: MerchantRequest, merchant: str, shop: str) -> HttpResponse:
    """Open or shut one shop's box."""
    row = get_object_or_404(Shop.objects.of(request.merchant), slug=shop)
    is_open = request.POST.get("open") == "yes"
    actions.set_box(row, is_open=is_open, by=request.user)
    messages.success(
        request,
        _("Customers can write to this shop.") if is_open else _("Nobody can write to this shop now."),
    )
    return redirect("consumers:shop_messages", merchant)


def _ours(request: MerchantRequest, token: str) -> Conversation:
    rows = Conversation.objects.of(request.merchant)
    return get_object_or_404(rows.select_related("shop__category", "shop__merchant", "person"), token=token)
