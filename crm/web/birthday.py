"""A person's own birthday: given, changed, taken back; and what shops noted of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from crm.actions import give_birthday, take_birthday_back, take_noted_back
from crm.days import read_birthday
from crm.models import NotedBirthday, OwnBirthday
from crm.web.birthday_forms import OwnForm
from merchants.models import Merchant
from portal.kernel.access import SignedInRequest, allow, signed_in
from portal.kernel.web import render_page


@allow(GET=signed_in, POST=signed_in)
@never_cache
def birthday(request: SignedInRequest) -> HttpResponse:
    own = OwnBirthday.objects.filter(person=request.user).first()
    day = read_birthday(own.day) if own else None
    form = OwnForm(initial=OwnForm.filled_with(day) | {"shown": own.shown} if own and day else None)
    if request.method == "POST":
        form = OwnForm(request.POST)
        if form.is_valid():
            give_birthday(request.user, form.birthday(), shown=form.cleaned_data["shown"])
            messages.success(request, _("Saved."))
            return redirect("crm:birthday")
    noted = NotedBirthday.objects.filter(customer__user=request.user).select_related("merchant")
    context = {"form": form, "own": own, "says": day.says() if day else "", "noted": noted.order_by("pk")}
    return render_page(request, "crm/birthday.html", context, status=422 if form.errors else 200)


@allow(POST=signed_in)
def remove(request: SignedInRequest) -> HttpResponse:
    take_birthday_back(request.user)
    messages.success(request, _("Your birthday is removed."))
    return redirect("crm:birthday")


@allow(POST=signed_in)
def remove_noted(request: SignedInRequest, merchant: str) -> HttpResponse:
    """Nothing noted there any more is the wish fulfilled."""
    ours = Merchant.objects.filter(customers__user=request.user)
    take_noted_back(request.user, get_object_or_404(ours, slug=merchant))
    messages.success(request, _("What the shop had noted is removed."))
    return redirect("crm:birthday")
