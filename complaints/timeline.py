"""One case as a story: what was said and every step, oldest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.models import Attachment, Complaint, Escalation, Grading, InternalNote, Reply, Step
from complaints.reasons.automatic import why_in_words
from complaints.states import ComplaintState, state_at_desk
from complaints.written import everything_written

WHY_AT_MOST = 200  # of a reply's words, as its step keeps them


@dataclass(frozen=True)
class Happening:
    """One line of the story. ``actor`` is "customer", "merchant", "staff" or "system".

    Internal ones only staff see.
    """

    at: datetime
    actor: str
    title: str
    said: str = ""
    internal: bool = False
    files: tuple[Attachment, ...] = ()


Files = dict[int | None, list[Attachment]]


def _files(complaint: Complaint) -> Files:
    return _by_reply(complaint.attachments.order_by("pk"))


def _by_reply(files: Iterable[Attachment]) -> Files:
    """By the reply that they came with; those of the report itself under None."""
    found: Files = {}
    for one in files:
        found.setdefault(one.reply_id, []).append(one)
    return found


def story_for_person(complaint: Complaint) -> list[Happening]:
    """Without internal notes, without the names of staff and without the desk's own way up."""
    steps = complaint.steps.order_by("pk")
    replies = complaint.replies.order_by("pk")
    files = _files(complaint)
    told = [_reply(reply, _voice(complaint, reply), files) for reply in replies]
    return _in_order(complaint, list(steps), told, files)


def story_for_shop(complaint: Complaint) -> list[Happening]:
    """The report, the shop's own words and every step; what person and desk say to each other stays theirs.

    Of the reasons only the desk's question to the shop is for the shop.
    """
    replies = list(complaint.replies.select_related("by").order_by("pk"))
    files = _files(complaint)
    told = [_reply(reply, reply.by.says(), files) for reply in replies if reply.from_shop]
    said = {reply.said[:WHY_AT_MOST] for reply in replies}
    first, *later = complaint.steps.order_by("pk")
    who = complaint.person.says() if complaint.is_named else _("A customer")
    title = _("%(name)s reported") % {"name": who}
    moved = [_step_at_shop(complaint, step, said) for step in later]
    return [
        Happening(first.at, "customer", title, complaint.said),
        *sorted(told + moved, key=lambda happening: happening.at),
    ]


def _step_at_shop(complaint: Complaint, step: Step, said: set[str]) -> Happening:
    asks = step.after == ComplaintState.AWAITING_MERCHANT and step.why not in said
    actor = "customer" if step.by_id == complaint.person_id else "system"
    return Happening(step.at, actor, state_at_shop(step.after), step.why if asks else "")


def state_at_shop(state: str) -> str:
    """The same states, named from where the shop stands."""
    named = {
        ComplaintState.AWAITING_MERCHANT.value: _("Your answer is needed"),
        ComplaintState.AWAITING_CONSUMER.value: _("Waiting for the customer"),
    }
    return named.get(state) or str(ComplaintState(state).label)


def story_for_staff(complaint: Complaint) -> list[Happening]:
    written = everything_written(complaint)
    files = _by_reply(row for row in written if isinstance(row, Attachment))
    told = [_reply(row, row.by.says(), files) for row in written if isinstance(row, Reply)]
    told += [_note(row) for row in written if isinstance(row, InternalNote)]
    told += [_grading(row) for row in written if isinstance(row, Grading)]
    told += [_escalation(row) for row in written if isinstance(row, Escalation)]
    steps = [row for row in written if isinstance(row, Step)]
    return _in_order(complaint, steps, told, files, names=True)


def _in_order(
    complaint: Complaint, steps: list[Step], told: list[Happening], files: Files, *, names: bool = False
) -> list[Happening]:
    """What was said stands before the step that it caused in the same moment, and isn't said twice."""
    first, *later = steps
    said = {happening.said[:WHY_AT_MOST] for happening in told}
    moved = [_step(complaint, step, names, said) for step in later]
    return [_filed(complaint, first, names, files), *sorted(told + moved, key=lambda happening: happening.at)]


def _filed(complaint: Complaint, first: Step, names: bool, files: Files) -> Happening:
    title = _("%(name)s reported") % {"name": _who(first)} if names else _("You reported")
    return Happening(first.at, "customer", title, complaint.said, files=tuple(files.get(None, ())))


def _step(complaint: Complaint, step: Step, names: bool, said: set[str]) -> Happening:
    title = str(ComplaintState(step.after).label)
    if names:
        title = _("%(state)s, by %(name)s") % {"state": state_at_desk(step.after), "name": _who(step)}
    actor = "customer" if step.by_id == complaint.person_id else "system"
    why = "" if step.why in said else why_in_words(step.role, step.why)
    return Happening(step.at, actor, title, why)


def _escalation(row: Escalation) -> Happening:
    title = _("Taken up to “%(level)s” by %(name)s") % {"level": row.get_level_display(), "name": _who(row)}
    return Happening(row.at, "system", title, why_in_words(row.role, row.why), internal=True)


def _grading(row: Grading) -> Happening:
    title = _("Graded “%(grade)s” by %(name)s") % {"grade": row.get_grade_display(), "name": _who(row)}
    return Happening(row.at, "system", title, row.why, internal=True)


def _who(row: Step | Escalation | Grading) -> str:
    return row.by.says() if row.by else _("the portal")


def _voice(complaint: Complaint, reply: Reply) -> str:
    """Who speaks, as the person reads it: never the name of one who works there."""
    if reply.from_shop:
        return complaint.shop.title
    return _("Street Corner") if reply.from_staff else pgettext("complaint", "You")


def _reply(reply: Reply, name: str, files: Files) -> Happening:
    actor = "staff" if reply.from_staff else "merchant" if reply.from_shop else "customer"
    return Happening(reply.at, actor, name, reply.said, files=tuple(files.get(reply.pk, ())))


def _note(note: InternalNote) -> Happening:
    return Happening(note.at, "staff", note.by.says(), note.said, internal=True)
