"""Why the portal itself moved a case: kept as a code, said in the reader's language."""

from django.utils.translation import gettext_lazy as _

AGREED = "agreed"
NO_WORD = "no-word"
NO_ANSWER = "no-answer"
OVERDUE = "overdue"
NOT_AGREED = "not-agreed"
ALL_DONE = "all-done"
TAKEN_OUT = "taken-out"

WORDS = {
    AGREED: _("You confirmed that it is solved."),
    NO_WORD: _("It was solved and nobody said otherwise since."),
    NO_ANSWER: _("No answer came in time, so we go on with what we know."),
    OVERDUE: _("It was overdue."),
    NOT_AGREED: _("It was not agreed on."),
    ALL_DONE: _("What was agreed is done."),
    TAKEN_OUT: _("The shop took it out again before it was sent."),
}


def why_in_words(role: str, why: str) -> str:
    """What a person typed, as they typed it; what the system noted, in words."""
    return str(WORDS.get(why, why)) if role == "system" else why
