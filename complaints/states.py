"""Where a complaint may stand, where it may go from there and who may take it: one table.

The verbs read it, and the triggers carry the same table into the database. The words follow ISO 10002.
"""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class ComplaintState(models.TextChoices):
    RECEIVED = "received", _("Received")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    ASSESSING = "assessing", _("Being assessed")
    AWAITING_MERCHANT = "merchant", _("Waiting for shop")
    AWAITING_CONSUMER = "consumer", _("Waiting for you")
    INVESTIGATING = "investigating", _("In progress")
    PROPOSED = "proposed", _("Proposal made")
    ACCEPTED = "accepted", _("Proposal accepted")
    REJECTED = "rejected", _("Proposal rejected")
    IN_REMEDY = "remedy", _("Remedy in progress")
    RESOLVED = "resolved", _("Solved")
    CONFIRMED = "confirmed", _("Confirmed as solved")
    SILENT = "silent", _("Solved, no word since")
    CLOSED = "closed", _("Closed")
    DUPLICATE = "duplicate", _("Reported twice")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REOPENED = "reopened", _("Opened again")


def state_at_desk(state: str) -> str:
    """The same states, named from where the staff stand: "you" is the person who complains."""
    if state == ComplaintState.AWAITING_CONSUMER:
        return gettext("Waiting for the person")
    return str(ComplaintState(state).label)


#: What staff do when they take a case there, as the words on a button.
MOVES_IN_WORDS = {
    "acknowledged": _("Acknowledge it"),
    "assessing": _("Begin to assess it"),
    "merchant": _("Ask the shop for an answer"),
    "consumer": _("Ask the person for more"),
    "investigating": _("Go on with it"),
    "proposed": _("Say that a proposal is made"),
    "remedy": _("Begin the remedy"),
    "resolved": _("Mark as solved"),
    "closed": _("Close the case"),
    "reopened": _("Open the case again"),
}


class Acting(models.TextChoices):
    """As who somebody moves a case; see roles.py for who is what."""

    CONSUMER = "consumer", _("Consumer")
    MERCHANT = "merchant", _("Merchant")
    AGENT = "agent", _("Agent")
    SUPERVISOR = "supervisor", _("Supervisor")
    MANAGER = "manager", _("Department manager")
    SYSTEM = "system", _("By itself")


class Level(models.IntegerChoices):
    """How high a case has gone up."""

    NONE = 0, _("Not escalated")
    SUPERVISOR = 1, _("Supervisor")
    MANAGER = 2, _("Department manager")
    MANAGEMENT = 3, _("Management")
    REGULATOR = 4, _("Regulator")


_CONSUMER, _MERCHANT, _SYSTEM = (Acting.CONSUMER.value,), (Acting.MERCHANT.value,), (Acting.SYSTEM.value,)
_LEAD = (Acting.SUPERVISOR.value, Acting.MANAGER.value)
_STAFF = (Acting.AGENT.value, *_LEAD)
DESK = _STAFF
#: What the person may say of a case at any time while it is open, and what staff may find out about it.
_ALWAYS = {"confirmed": _CONSUMER, "withdrawn": _CONSUMER, "duplicate": _STAFF}
_ENQUIRY = {"merchant": _STAFF, "consumer": _STAFF, "investigating": _STAFF}
_ANSWERS = {"proposed": _STAFF, "resolved": _STAFF, "closed": _LEAD}
_AGAIN: dict[str, tuple[str, ...]] = {"reopened": _CONSUMER + _STAFF}

#: From where to where a complaint may go and as whom; anything else is refused.
MOVES: dict[str, dict[str, tuple[str, ...]]] = {
    "received": {"acknowledged": _STAFF, **_ALWAYS},
    "acknowledged": {"assessing": _STAFF, **_ALWAYS},
    "assessing": _ENQUIRY | _ANSWERS | _ALWAYS,
    "merchant": {
        "investigating": _STAFF + _MERCHANT + _SYSTEM,
        "proposed": _STAFF + _MERCHANT,
        **_ALWAYS,
    },
    "consumer": {"investigating": _STAFF + _CONSUMER + _SYSTEM, **_ALWAYS},
    "investigating": {"merchant": _STAFF, "consumer": _STAFF, **_ANSWERS, **_ALWAYS},
    "proposed": {
        "accepted": _CONSUMER,
        "rejected": _CONSUMER,
        "investigating": _STAFF + _CONSUMER + _SYSTEM,  # taken back, or talked about
        **_ALWAYS,
    },
    "accepted": {"remedy": _STAFF + _MERCHANT + _SYSTEM, "resolved": _STAFF, **_ALWAYS},
    "rejected": {"investigating": _STAFF, "proposed": _STAFF, "closed": _LEAD, **_ALWAYS},
    "remedy": {"resolved": _STAFF + _SYSTEM, "investigating": _STAFF, **_ALWAYS},
    "resolved": {"confirmed": _CONSUMER, "silent": _SYSTEM, "closed": _LEAD, **_AGAIN},
    "confirmed": {"closed": _STAFF + _SYSTEM, **_AGAIN},
    "silent": {"closed": _STAFF + _SYSTEM, **_AGAIN},
    "closed": _AGAIN,
    "duplicate": {"reopened": _STAFF},
    "withdrawn": _AGAIN,
    "reopened": _ENQUIRY | _ANSWERS | _ALWAYS,
}
#: Who may take a case up to which level.
ESCALATES: dict[int, tuple[str, ...]] = {
    1: _STAFF + _SYSTEM,
    2: _LEAD + _SYSTEM,
    3: _LEAD + _SYSTEM,
    4: _LEAD,
}

SETTLED_STATES = ("resolved", "confirmed", "silent")
ENDED_STATES = ("closed", "duplicate", "withdrawn")
OVER_STATES = (*SETTLED_STATES, *ENDED_STATES)
OPEN_STATES = tuple(state for state in MOVES if state not in OVER_STATES)
#: The shop speaks when it was asked, and about what it does after its offer was accepted.
SHOP_SPEAKS = ("merchant", "accepted", "remedy")
#: While the case waits for the person, no clock of ours runs.
WAITS_FOR_CONSUMER = ("consumer", "proposed")
#: These say why, in words.
NEEDS_WHY = ("closed", "duplicate", "reopened")

REOPENED_WITHIN_DAYS = 7
REOPENED_AT_MOST = 2


def may_move(before: str, after: str, role: str) -> bool:
    return role in MOVES[before].get(after, ())


def moves_of(state: str, role: str) -> list[str]:
    """Where somebody in this role may take a case that stands there."""
    return [after for after, roles in MOVES[state].items() if role in roles]


def _as_sql(rows: set[tuple[str, ...]]) -> str:
    return ", ".join("(" + ", ".join(f"'{word}'" for word in row) + ")" for row in sorted(rows))


def moves_as_sql() -> str:
    """``('received', 'acknowledged'), …``: the same table for the database's own check."""
    return _as_sql({(before, after) for before, to in MOVES.items() for after in to})


def moves_by_role_as_sql() -> str:
    """``('received', 'acknowledged', 'agent'), …``."""
    return _as_sql(
        {
            (before, after, role)
            for before, to in MOVES.items()
            for after, roles in to.items()
            for role in roles
        }
    )
