"""`/q/<token>`: one kind of QR everywhere; where it leads depends on who scans. `/q/` takes typing."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from portal.kernel.access import allow, anyone
from portal.kernel.codes import normalise_code, resolve_code, split_code
from portal.kernel.forms import CleanTextMixin
from portal.kernel.limits import Limit, take, used_up
from portal.kernel.models import Code
from portal.kernel.web.pages import client_address, render_page

UNKNOWN = Limit("unknown code", most=30, seconds=600)  # per address; a shop's guests share one


class CodeEntry(CleanTextMixin):
    code = forms.CharField(
        label=_("Characters under the QR code"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )

    def clean_code(self) -> str:
        known = normalise_code(self.cleaned_data["code"])
        if known is None:
            raise forms.ValidationError(
                _("This is not a whole code: 10 letters and digits, as under the QR code"), code="code"
            )
        return known


@allow(GET=anyone)
def type_it(request: HttpRequest) -> HttpResponse:
    """For a broken camera or a torn poster. A slip of the finger is told by the check character."""
    form = CodeEntry(request.GET) if "code" in request.GET else CodeEntry()
    if form.is_bound and form.is_valid():
        return redirect("kernel:resolve", form.cleaned_data["code"])
    return render_page(request, "kernel/type_code.html", {"form": form}, status=422 if form.errors else 200)


@allow(GET=anyone)
def resolve(request: HttpRequest, token: str) -> HttpResponse:
    if guessed_too_often(request):
        return unknown_code(request, too_often=True)
    known, _proof = split_code(token)
    code = Code.objects.filter(pk=known).first() if known else None
    where = resolve_code(request, code) if code else None
    return redirect(where) if where else unknown_code(request)


def guessed_too_often(request: HttpRequest) -> bool:
    """From this address; also for pages that a code in their own address opens."""
    return used_up(UNKNOWN, client_address(request))


def unknown_code(request: HttpRequest, *, too_often: bool = False) -> HttpResponse:
    """The page for a code that leads nowhere. Whoever gets it has made one try more."""
    if too_often:
        return render_page(request, "kernel/unknown_code.html", {"too_often": True}, status=429)
    take(UNKNOWN, client_address(request))
    return render_page(request, "kernel/unknown_code.html", {"form": CodeEntry()}, status=404)
