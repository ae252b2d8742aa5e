"""E-mail, as plain text and HTML, in the receiver's language."""

from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPServerDisconnected
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from messaging.channels import Answer, Parcel, Verdict
from messaging.kinds import Thread


class Mail:
    @property
    def networked(self) -> bool:
        return str(settings.EMAIL_BACKEND).endswith("smtp.EmailBackend")

    def is_set_up(self) -> bool:
        return True

    def send(self, parcel: Parcel) -> Answer:
        try:
            letter(parcel).send()
        except (SMTPRecipientsRefused, SMTPDataError) as fault:
            return Answer(_refusal(fault), type(fault).__name__)
        except (SMTPServerDisconnected, TimeoutError) as fault:
            return Answer(Verdict.UNCLEAR, type(fault).__name__)
        except (SMTPException, OSError) as fault:  # no connection, no sign-in: nothing has left
            return Answer(Verdict.RETRY, type(fault).__name__)
        return Answer(Verdict.SENT)


NO_SUCH_MAILBOX = (550, 551, 553)  # RFC 5321, 4.2.3
POLICY = b"5.7."  # RFC 3463: the mailbox is there, but they don't want this


def _refusal(fault: SMTPRecipientsRefused | SMTPDataError) -> Verdict:
    """Codes from 500 are for good, those of the four hundreds pass (RFC 5321, 4.2.1)."""
    if isinstance(fault, SMTPDataError):
        return Verdict.REFUSED if fault.smtp_code >= 500 else Verdict.RETRY
    said = list(fault.recipients.values())
    if all(code in NO_SUCH_MAILBOX and POLICY not in text for code, text in said):
        return Verdict.GONE
    return Verdict.REFUSED if all(code >= 500 for code, _text in said) else Verdict.RETRY


def letter(parcel: Parcel) -> EmailMultiAlternatives:
    """Its Message-ID is the sending's token, so a repeated attempt is the same mail to a mailbox."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    headers = {"Message-ID": f"<{parcel.token.hex}@{host}>", "Auto-Submitted": "auto-generated"}
    if parcel.thread:
        headers |= _thread_headers(parcel, parcel.thread, host)
    if parcel.unsubscribe:  # RFC 8058
        headers["List-Unsubscribe"] = f"<{parcel.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    link = settings.SITE_URL + parcel.url if parcel.url else ""
    context = {"parcel": parcel, "link": link, "site": settings.SITE_URL}
    with translation.override(parcel.language):
        mail = EmailMultiAlternatives(
            subject=_subject(parcel),
            body=render_to_string("messaging/mail.txt", context),
            to=[parcel.address],
            reply_to=[parcel.thread.reply_to] if parcel.thread and parcel.thread.reply_to else None,
            headers=headers,
        )
        mail.attach_alternative(render_to_string("messaging/mail.html", context), "text/html")
    return mail


def _subject(parcel: Parcel) -> str:
    """In one line: a line break in a name must not become a header."""
    label = f" [{parcel.thread.label}]" if parcel.thread and parcel.thread.label else ""
    return " ".join(f"{parcel.title}{label}".split())


def _thread_headers(parcel: Parcel, thread: Thread, host: str) -> dict[str, str]:
    """The thread's name is in the mail's own id and in its references: some servers give mails new ids,
    and some programs keep only one of the two (RFC 5322, 3.6.4).
    """
    root = f"<{thread.name}@{host}>"
    return {
        "Message-ID": f"<{parcel.token.hex}.{thread.name}@{host}>",
        "References": f"{root} {thread.answers}".strip(),
        "In-Reply-To": thread.answers or root,
    }
