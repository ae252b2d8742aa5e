"""One case on the desk: its story, the facts, and the only doors through which it is changed."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from complaints import actions
from complaints.actions.moving import reachable
from complaints.admin.cause_doors import CAUSE_DOORS, cause_tools
from complaints.admin.forms import (
    AssignForm,
    ContactsForm,
    DuplicateForm,
    EscalateForm,
    GradeForm,
    MoveForm,
    NoteForm,
    ReplyForm,
)
from complaints.admin.remedy_doors import REMEDY_DOORS, remedy_tools
from complaints.admin.within import case_within
from complaints.clocks.deadlines import clocks_of
from complaints.clocks.statutory import counted
from complaints.duties import covering, learn, seen
from complaints.facts import contacts_of, facts_of, those_who_answer
from complaints.macros import macros_for, read_out
from complaints.models import Complaint, ComplaintQuerySet, Grade, Macro
from complaints.outsiders import nothing_here
from complaints.queue import due_in_words, urgency
from complaints.roles import MAY_ANSWER, acting_as
from complaints.states import DESK, ENDED_STATES, ESCALATES, MOVES_IN_WORDS, NEEDS_WHY, ComplaintState, Level
from complaints.timeline import story_for_staff
from portal.kernel import people
from portal.kernel.models import User
from portal.kernel.refused import Refused

Case = Any  # the ModelAdmin of complaints
#: What a reply may do to the case in the same breath, and how the button says it.
THEN = {
    ComplaintState.AWAITING_CONSUMER: gettext_lazy("Send and wait for the person"),
    ComplaintState.PROPOSED: gettext_lazy("Send as a proposal"),
    ComplaintState.RESOLVED: gettext_lazy("Send and mark as solved"),
}


def _reply(complaint: Complaint, by: User, said: dict[str, Any]) -> None:
    actions.reply(complaint, by=by, moment=timezone.now(), **said)


def _note(complaint: Complaint, by: User, said: dict[str, Any]) -> None:
    actions.note(complaint, by=by, moment=timezone.now(), **said)


def _move(complaint: Complaint, by: User, said: dict[str, Any]) -> None:
    actions.move(complaint, said.pop("to"), by=by, moment=timezone.now(), **said)


def _assign(complaint: Complaint, by: User, said: dict[str, Any]) -> None:
    actions.assign(complaint, said["to"], by=by, instead_of=said["instead_of"], moment=timezone.now())


def _escalate(complaint: Complaint, by: User, said: dict[str, Any]) -> None:
    actions.escalate(complaint, by=by, moment=timezone.now(), **said)


def _grade(complaint: Complaint, by: User, said: dict[str, Any]) -> None:
    actions.regrade(complaint, by=by, moment=timezone.now(), **said)


def _duplicate(complaint: Complaint, by: User, said: dict[str, Any]) -> None:
    actions.mark_duplicate(complaint, by=by, moment=timezone.now(), **said)


DOORS: dict[str, tuple[type[forms.Form], Callable[[Complaint, User, dict[str, Any]], None], Any]] = {
    "reply": (ReplyForm, _reply, gettext_lazy("The reply is sent.")),
    "note": (NoteForm, _note, gettext_lazy("The note is kept.")),
    "move": (MoveForm, _move, gettext_lazy("The case has moved.")),
    "assign": (AssignForm, _assign, gettext_lazy("The case has its assignee.")),
    "escalate": (EscalateForm, _escalate, gettext_lazy("The case has gone up.")),
    "grade": (GradeForm, _grade, gettext_lazy("The case has its grade, and its deadlines go by it.")),
    **REMEDY_DOORS,
    **CAUSE_DOORS,
    "duplicate": (DuplicateForm, _duplicate, gettext_lazy("The case points to the first report.")),
}


def doors(case: Case) -> dict[str, Callable[..., HttpResponse]]:
    return {name: _door(case, name) for name in DOORS}


def _door(case: Case, name: str) -> Callable[..., HttpResponse]:
    form_class, act, done = DOORS[name]

    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        if not (case.has_view_permission(request) and request.user.has_perm(MAY_ANSWER)):
            raise nothing_here(request, Complaint.objects.filter(pk=pk).first())
        complaint, form = _complaint(request, pk), form_class(request.POST)
        if form.is_valid():
            try:
                act(complaint, request.user, form.cleaned_data)  # type: ignore[arg-type]
                messages.success(request, done)
                return redirect("admin:complaints_complaint_change", pk)
            except Refused as refusal:
                form.add_error(None, str(refusal))
        return show(case, request, pk, bound={name: form}, status=422)

    return view


def contacts(case: Case) -> Callable[..., HttpResponse]:
    """The person's phone and e-mail, once, for a reason that is put on record with the case's number."""

    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        if not (case.has_view_permission(request) and request.user.has_perm(MAY_ANSWER)):
            raise nothing_here(request, Complaint.objects.filter(pk=pk).first())
        complaint, form = _complaint(request, pk), ContactsForm(request.POST)
        if form.is_valid() and acting_as(request.user, complaint) in DESK:  # type: ignore[arg-type]
            why = f"{complaint.number_in_groups}: {form.cleaned_data['reason']}"
            try:
                people.reveal(complaint.person, by=request.user, reason=why)
                return show(case, request, pk, shows_contacts=True)
            except Refused as refusal:
                form.add_error(None, str(refusal))
        return show(case, request, pk, bound={"contacts": form}, status=422)

    return view


def _complaint(request: HttpRequest, pk: Any) -> Complaint:
    return case_within(request, _whole(pk))


def _whole(pk: Any) -> Complaint:
    """With everything that its page shows of others."""
    whole = Complaint.objects.select_related(
        "person",
        "shop",
        "merchant",
        "assignee",
        "taken_by",
        "coupon",
        "duplicate_of",
        "reason",
        "graded_by__reason",
        "purchase__by",
        "purchase__redemption__coupon",
    )
    try:
        return whole.get(pk=pk)
    except (Complaint.DoesNotExist, ValueError):
        raise Http404(_("There is no such case.")) from None


def show(
    case: Case,
    request: HttpRequest,
    pk: Any,
    *,
    bound: dict[str, forms.Form] | None = None,
    status: int = 200,
    shows_contacts: bool = False,
) -> HttpResponse:
    if not case.has_view_permission(request):
        raise nothing_here(request, Complaint.objects.filter(pk=pk if str(pk).isdigit() else 0).first())
    complaint, moment = _whole(pk), timezone.now()
    user: User = request.user  # type: ignore[assignment]
    agents = _who_see_it(request, complaint)
    theirs = Complaint.objects.filter(seen(user))
    role = acting_as(user, complaint, is_within=True)
    context = {
        **case.admin_site.each_context(request),
        "title": _("Complaint %(number)s") % {"number": complaint.number_in_groups},
        "opts": Complaint._meta,
        "media": case.media,
        "complaint": complaint,
        "due": due_in_words(complaint, moment),
        "urgency": urgency(complaint, moment),
        "story": story_for_staff(complaint),
        "facts": facts_of(complaint, theirs),
        "clocks": clocks_of(complaint),
        "counted": counted(complaint),
        "next": _next(complaint, theirs),
        "now": moment,
        "contacts": contacts_of(complaint.person, are_shown=shows_contacts),
        **_tools(request, complaint, role, bound or {}),
        **remedy_tools(user, role, complaint, bound or {}),
        **cause_tools(complaint, bound or {}),
        "agents": agents,
    }
    return TemplateResponse(request, "admin/complaints/complaint/desk.html", context, status=status)


def _who_see_it(request: HttpRequest, complaint: Complaint) -> list[User]:
    """The colleagues to whom the case may go; to who asks without having it among the duties, it isn't there.

    The duties of all of them are read at once.
    """
    asks: User = request.user  # type: ignore[assignment]
    colleagues = those_who_answer()
    learn([asks, *colleagues])
    they = covering([asks, *colleagues], complaint)
    if not they or they[0] is not asks:
        raise nothing_here(request, complaint)
    return they[1:]


def _next(complaint: Complaint, theirs: ComplaintQuerySet) -> Complaint | None:
    """The case behind this one; at the end of the queue the one at its head."""
    behind, head = theirs.after_in_queue(complaint), theirs.queue().exclude(pk=complaint.pk)
    either = [
        rows.only("number", "due_at").annotate(turn=Value(turn))[:1]
        for turn, rows in enumerate((behind, head))
    ]
    return min(either[0].union(either[1], all=True), key=lambda case: case.turn, default=None)


def _tools(
    request: HttpRequest, complaint: Complaint, role: str, bound: dict[str, forms.Form]
) -> dict[str, Any]:
    """The forms, for those who may use them; a refused one keeps what was typed."""
    if not request.user.has_perm(MAY_ANSWER):
        return {"may_answer": False}
    allowed, macros = reachable(complaint.state, role), macros_for(complaint)
    plain = [state for state in allowed if state != ComplaintState.DUPLICATE]
    return {
        "may_answer": role in DESK,
        "may_reply": complaint.state not in ENDED_STATES,
        "moves": [(state, MOVES_IN_WORDS[state]) for state in plain],
        "then": [(state, label) for state, label in THEN.items() if state in allowed],
        "says_why": any(state in (*NEEDS_WHY, ComplaintState.AWAITING_MERCHANT) for state in plain),
        "may_mark": ComplaintState.DUPLICATE in allowed,
        "levels": _levels(complaint, role),
        "grades": [(grade, label) for grade, label in Grade.choices if grade != complaint.grade],
        "grade": bound.get("grade", GradeForm(auto_id="grade-%s")),
        "refusals": [message for form in bound.values() for message in _said(form)],
        "reply": bound.get("reply") or _begun(request, complaint, macros),
        "macros": macros,
        "note": bound.get("note", NoteForm.fresh()),
        "look": bound.get("contacts", ContactsForm(auto_id="contacts-%s")),
        "move": bound.get("move", MoveForm()),
        "escalate": bound.get("escalate", EscalateForm(auto_id="escalate-%s")),
        "duplicate": bound.get("duplicate", DuplicateForm(auto_id="duplicate-%s")),
    }


def _begun(request: HttpRequest, complaint: Complaint, macros: list[Macro]) -> ReplyForm:
    """The reply as a chosen macro begins it, ready to be typed on."""
    chosen = request.GET.get("macro", "")
    macro = next((one for one in macros if str(one.pk) == chosen), None)
    if macro is None:
        return ReplyForm.fresh()
    form = ReplyForm.fresh(initial={"said": read_out(macro, complaint, request.user)})  # type: ignore[arg-type]
    form.fields["said"].widget.attrs["autofocus"] = True
    return form


def _levels(complaint: Complaint, role: str) -> list[tuple[int, Any]]:
    """Where this role may take the case up to from its level."""
    if not complaint.is_open:
        return []
    above = [level for level, roles in ESCALATES.items() if level > complaint.level and role in roles]
    return [(level, Level(level).label) for level in above]


def _said(form: forms.Form) -> list[str]:
    return [str(message) for messages in form.errors.values() for message in messages]
