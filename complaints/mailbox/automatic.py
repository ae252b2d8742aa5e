"""Mail that no person wrote to us, and mail that must not be answered by a machine.

Marks by RFC 3834 (automatic answers), RFC 2369 and 2919 (lists), RFC 3464 (reports of what couldn't be
delivered), and by what programs in use send beside them.
"""

from complaints.mailbox.headers import decoded
from complaints.mailbox.place import our_addresses
from complaints.mailbox.reading import Letter
from complaints.models import MailWhy

_LISTS = ("list-id", "list-post", "list-unsubscribe", "list-help", "list-subscribe")
_BULK = ("bulk", "junk", "list", "auto_reply", "auto-reply")
_ANSWERS = ("x-autoreply", "x-autorespond", "x-auto-response", "x-autoresponder")
_MACHINES = (
    "mailer-daemon",
    "postmaster",
    "noreply",
    "no-reply",
    "donotreply",
    "do-not-reply",
    "bounce",
    "bounces",
)
_REPORTS = ("delivery-status", "disposition-notification", "feedback-report")


def why_skipped(letter: Letter) -> str:
    """Why nobody needs to read it; empty for what a person may have written."""
    if letter.sender in our_addresses():
        return MailWhy.OWN
    if _is_report(letter):
        return MailWhy.BOUNCE
    if _answers_by_itself(letter):
        return MailWhy.AUTOMATIC
    if _word(letter, "precedence") in _BULK or any(name in letter.headers for name in _LISTS):
        return MailWhy.BULK
    return ""


def is_hushed(letter: Letter) -> bool:
    """A person may have written it, but a machine's answer isn't wanted."""
    suppressed = decoded(" ".join(letter.headers.get("x-auto-response-suppress", []))).lower()
    asks = any(word in suppressed for word in ("all", "autoreply", "oof"))
    return asks or letter.sender.partition("@")[0] in _MACHINES


def is_proved(letter: Letter, authserv: str) -> bool:
    """Whether our own mail server vouches for the sender; whoever names no server vouches for everybody.

    Only the uppermost result under our server's name counts: it takes away those that came with the mail.
    """
    if not authserv:
        return True
    for value in letter.headers.get("authentication-results", []):
        name, _gap, results = decoded(value).partition(";")
        if name.split()[:1] == [authserv]:
            said = "".join(results.lower().split())
            return "dmarc=pass" in said
    return False


def _is_report(letter: Letter) -> bool:
    kind = (
        letter.message.get_param("report-type")
        if letter.message.get_content_type() == "multipart/report"
        else ""
    )
    returned = [decoded(value).strip() for value in letter.headers.get("return-path", [])]
    local = letter.sender.partition("@")[0]
    return str(kind).lower() in _REPORTS or "<>" in returned or local in ("mailer-daemon", "postmaster")


def _answers_by_itself(letter: Letter) -> bool:
    said = _word(letter, "auto-submitted")
    return (bool(said) and said != "no") or any(name in letter.headers for name in _ANSWERS)


def _word(letter: Letter, name: str) -> str:
    return letter.header(name).lower().partition(";")[0].strip()
