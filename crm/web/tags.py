"""Tags on the roster: one customer's, those of many marked at once, all that the merchant has."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.actions import give_up, put_tag, tag_called, take_tag
from crm.models import Tag
from crm.tags import tags_of
from crm.web.granting import chosen_of, hidden_of
from merchants.models import Customer, Merchant, Role
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.forms import CleanTextMixin
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

manager = merchant_staff(Role.MANAGER)


class WordForm(CleanTextMixin):
    """A tag by its name, there already or new."""

    name = forms.CharField(label=gettext_lazy("Tag"), max_length=Tag.LONGEST)


class ManyForm(CleanTextMixin):
    """One of the tags there are, or a new one; put on, or taken off."""

    which = forms.ModelChoiceField(
        label=gettext_lazy("Tag"),
        queryset=Tag.objects.none(),
        required=False,
        empty_label=gettext_lazy("A new tag"),
    )
    name = forms.CharField(label=gettext_lazy("New tag"), max_length=Tag.LONGEST, required=False)

    def __init__(self, *args: Any, merchant: Merchant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tags: Any = self.fields["which"]
        tags.queryset = Tag.objects.of(merchant).order_by("folded")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not said.get("which") and not said.get("name"):
            self.add_error("name", _("Choose a tag, or write a new one."))
        return said


@allow(POST=manager)
def put(request: MerchantRequest, merchant: str, customer: int) -> HttpResponse:
    """On one customer's page; the same twice is once."""
    known, form = _customer(request, customer), WordForm(request.POST)
    try:
        if form.is_valid():
            tag = tag_called(request.merchant, form.cleaned_data["name"], by=request.user)
            put_tag(tag, Customer.objects.filter(pk=known.pk), by=request.user)
        else:
            messages.error(request, _("Write a tag of at most 20 characters."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("crm:customer", merchant, known.pk)


@allow(POST=manager)
def take(request: MerchantRequest, merchant: str, customer: int, tag: int) -> HttpResponse:
    known, ours = _customer(request, customer), get_object_or_404(Tag.objects.of(request.merchant), pk=tag)
    take_tag(ours, Customer.objects.filter(pk=known.pk), by=request.user)
    return redirect("crm:customer", merchant, known.pk)


@allow(GET=manager, POST=manager)
def many(request: MerchantRequest, merchant: str) -> HttpResponse:
    """Customers chosen on the roster get a tag, or lose it."""
    asked = request.POST if request.method == "POST" else request.GET
    chosen, form = chosen_of(request, asked), ManyForm(merchant=request.merchant)
    if request.method == "POST":
        form = ManyForm(request.POST, merchant=request.merchant)
        if form.is_valid():
            try:
                messages.success(request, _changed(request, form, chosen))
                return redirect("crm:roster", merchant)
            except Refused as refusal:
                form.add_error(None, str(refusal))
    context = {"form": form, "hidden": hidden_of(asked), "number": chosen.count()}
    return render_page(request, "crm/tag_many.html", context, status=422 if form.errors else 200)


def _changed(request: MerchantRequest, form: ManyForm, chosen: Any) -> str:
    """Do it, and say how many it changed."""
    tag = form.cleaned_data["which"]
    if request.POST.get("do") == "take":
        number = take_tag(tag, chosen, by=request.user) if tag else 0
        said = ngettext("Taken off %(n)d customer.", "Taken off %(n)d customers.", number)
    else:
        tag = tag or tag_called(request.merchant, form.cleaned_data["name"], by=request.user)
        number = put_tag(tag, chosen, by=request.user)
        said = ngettext(
            "“%(tag)s” put on %(n)d more customer.", "“%(tag)s” put on %(n)d more customers.", number
        )
    return said % {"n": number, "tag": tag.name if tag else ""}


@allow(GET=manager)
def tags(request: MerchantRequest, merchant: str) -> HttpResponse:
    return render_page(request, "crm/tags.html", {"tags": tags_of(request.merchant)})


@allow(POST=manager)
def drop(request: MerchantRequest, merchant: str, tag: int) -> HttpResponse:
    ours = Tag.objects.of(request.merchant).filter(pk=tag).first()
    try:
        if ours:  # else given up a moment ago
            give_up(ours, by=request.user)
            messages.success(request, _("“%(tag)s” is given up.") % {"tag": ours.name})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("crm:tags", merchant)


def _customer(request: MerchantRequest, key: int) -> Customer:
    return get_object_or_404(Customer.objects.of(request.merchant), pk=key)
