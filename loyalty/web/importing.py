"""Bringing members along from an old list: one page per import, from its columns to taking it back."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from loyalty import actions
from loyalty.actions.importing import table_of
from loyalty.importing.files import Table
from loyalty.importing.report import rows_to_mend, sample_of_mending
from loyalty.importing.sums import levels_of, sums_of
from loyalty.models import ImportState, MemberImport, Programme
from loyalty.web.import_forms import ColumnsForm, LevelNamesForm, SheetForm, UploadForm
from merchants.models import Role
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel import jobs
from portal.kernel.access import allow
from portal.kernel.refused import Refused
from portal.kernel.sheets import workbook
from portal.kernel.web import page_of, render_page
from portal.kernel.web.jobs import facts_of

manager = merchant_staff(Role.MANAGER)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@allow(GET=manager, POST=manager)
def imports(request: MerchantRequest, merchant: str) -> HttpResponse:
    """Upload a list; and the lists uploaded before."""
    if not Programme.objects.of(request.merchant.pk).exists():
        return redirect("loyalty:settings", merchant)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm.fresh()
    if request.method == "POST" and form.is_valid():
        try:
            batch = _uploaded(request, form)
            return redirect("loyalty:import", merchant, batch.token)
        except Refused as refusal:
            form.add_error("file", str(refusal))
    context = {
        "form": form,
        "page": page_of(MemberImport.objects.of(request.merchant).defer("content"), request),
    }
    status = 422 if request.method == "POST" else 200
    return render_page(request, "loyalty/imports.html", context, fragment="imports", status=status)


def _uploaded(request: MerchantRequest, form: UploadForm) -> MemberImport:
    file = form.cleaned_data["file"]
    return actions.upload_members(
        request.merchant, file.read(), name=file.name, by=request.user, key=form.cleaned_data["key"]
    )


@allow(GET=manager)
def one(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    return _show(request, _ours(request, token))


def _ours(request: MerchantRequest, token: str) -> MemberImport:
    return get_object_or_404(MemberImport.objects.of(request.merchant), token=token)


def _show(
    request: MerchantRequest, batch: MemberImport, *, form: ColumnsForm | None = None, refusal: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {"batch": batch, "refusal": refusal}
    if batch.state == ImportState.UPLOADED and batch.content:
        context |= _choosing(batch, form)
    elif batch.is_at_work and batch.job:
        context |= facts_of(batch.job)
    else:
        context |= _outcome(request, batch)
    status = 422 if refusal or (form and form.errors) else 200
    return render_page(request, "loyalty/import.html", context, fragment="import", status=status)


def _choosing(batch: MemberImport, form: ColumnsForm | None) -> dict[str, Any]:
    table = table_of(batch)
    return {
        "form": form or ColumnsForm(batch=batch, table=table),
        "sheets": SheetForm(table=table) if len(table.sheets) > 1 else None,
        "steps": _steps(),
    }


def _outcome(request: MerchantRequest, batch: MemberImport) -> dict[str, Any]:
    return {
        "mend": list(sample_of_mending(batch)) if batch.counts.get("bad") else [],
        "sums": sums_of(batch),
        "levels": levels_of(batch),
        "names": LevelNamesForm(batch=batch) if batch.state == ImportState.CHECKED and batch.levels else None,
        "unknown": [name for name, said in batch.levels.items() if said["rank"] is None],
        "comes": batch.counts.get("new", 0) + batch.counts.get("change", 0),
        "undoable": batch.may_be_undone(timezone.now()),
        "locked": not request.role.covers(Role.OWNER) and actions.needs_owner(batch),
        "kept": batch.rows.filter(state="kept").count() if batch.undone_at else 0,
        "steps": _steps(),
    }


def _steps() -> list[str]:
    return [_("Choose the columns"), _("Check"), _("Import")]


@allow(POST=manager)
def sheet(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    batch = _ours(request, token)
    return _do(request, batch, lambda: actions.choose_sheet(batch, request.POST.get("sheet", "")[:80]))


@allow(POST=manager)
def check(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    """The columns are chosen: look through all rows."""
    batch = _ours(request, token)
    form = ColumnsForm(request.POST, batch=batch, table=table_of(batch) if batch.content else Table([]))
    if not form.is_valid():
        return _show(request, batch, form=form)
    try:
        actions.check_members(batch, by=request.user, **form.chosen())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, batch, form=form)
    return redirect("loyalty:import", merchant, token)


@allow(POST=manager)
def levels(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    """What the names of levels on the list mean: all rows are looked through once more."""
    batch = _ours(request, token)
    form = LevelNamesForm(request.POST, batch=batch)
    if not form.is_valid():
        return _show(request, batch, refusal=" ".join(_said(form)))
    return _do(request, batch, lambda: actions.choose_levels(batch, by=request.user, **form.chosen()))


def _said(form: LevelNamesForm) -> list[str]:
    return [f"{form[name].label}: {error}" for name, errors in form.errors.items() for error in errors]


@allow(POST=manager)
def again(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    batch = _ours(request, token)
    return _do(request, batch, lambda: actions.choose_again(batch))


@allow(POST=manager)
def confirm(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    batch = _ours(request, token)
    return _do(request, batch, lambda: actions.confirm_import(batch, by=request.user))


@allow(POST=manager)
def undo(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    batch = _ours(request, token)
    return _do(request, batch, lambda: actions.undo_import(batch, by=request.user))


@allow(POST=manager)
def stop(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    """At its next step; what is written until then stays and can be gone on with or taken back."""
    batch = _ours(request, token)
    if batch.job and batch.is_at_work:
        jobs.cancel_job(batch.job)
    return redirect("loyalty:import", merchant, token)


def _do(request: MerchantRequest, batch: MemberImport, verb: Any) -> HttpResponse:
    try:
        verb()
    except Refused as refusal:
        return _show(request, _ours(request, batch.token), refusal=str(refusal))
    return redirect("loyalty:import", request.merchant.slug, batch.token)


@allow(GET=manager)
def mend(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    """The rows that need mending, as a workbook."""
    batch = _ours(request, token)
    rows = table_of(batch).rows
    content = rows_to_mend(batch, rows[batch.header] if batch.header < len(rows) else [])
    return _file(content, "to-mend.xlsx", XLSX)


@allow(GET=manager)
def template(request: MerchantRequest, merchant: str) -> HttpResponse:
    """An empty list with the columns that are understood and two rows to show how."""
    head = [_("Phone"), _("Name"), _("Old card number"), _("Points"), _("Member since"), _("Birthday")]
    rows = [
        ["138 0013 8000", _("Ms Zhang"), "A1024", "120", "2023-05-31", "1990-02-14"],
        ["+886 912 345 678", _("Mr Li"), "A1025", "0", "2024-01-02", ""],
    ]
    return _file(workbook(_("Members"), head, rows), "members.xlsx", XLSX)


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store, private"
    return answer
