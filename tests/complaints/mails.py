"""Makers of mails as people's programs send them, and of what becomes of one without a server."""

import itertools
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

from django.utils import timezone

from complaints import actions
from complaints.mailbox.threads import thread_of
from complaints.models import Complaint, Mail
from portal.kernel.models import User
from tests import cast

_uids = itertools.count(1)
PDF = b"%PDF-1.4\n1 0 obj\n<</JS (x)>>\nendobj\n%%EOF\n"


def make_raw(
    sender: str = "Wang <wang@example.com>",
    subject: str = "洗坏了衣服",
    text: str = "大衣缩水了",
    *,
    files: tuple[tuple[str, bytes, str], ...] = (),
    **headers: str,
) -> bytes:
    """``files`` are name, content and type; ``headers`` by name with underscores."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "help@corner.example", subject
    for name, value in ({"Message_ID": make_msgid(domain="example.com")} | headers).items():
        if value:
            mail[name.replace("_", "-")] = value
    mail.set_content(text)
    for name, content, kind in files:
        maintype, _slash, subtype = kind.partition("/")
        mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    return mail.as_bytes()


def take_in(raw: bytes, *, whole: bool = True) -> Mail:
    """What the worker does with one mail."""
    moment = timezone.now()
    mail = actions.keep_mail(actions.arrive(1, next(_uids), len(raw), moment=moment), raw)
    return actions.receive_mail(mail, raw, moment=moment, whole=whole)


def make_mail(sender: str = "Wang <wang@example.com>", **fields: Any) -> Mail:
    """One that waits to be sorted."""
    return take_in(make_raw(sender, **fields))


def make_writer(address: str = "zhang@example.com", **fields: Any) -> User:
    """Somebody with an account who is reached by e-mail."""
    return cast.make_user(email=address, **({"name": "张女士"} | fields))


def answers_to(complaint: Complaint, host: str = "localhost") -> str:
    """The id of a mail of ours about this case, as its answers quote it."""
    return f"<0123456789abcdef.{name_of(complaint.token)}@{host}>"


def name_of(token: str) -> str:
    return thread_of(f"/me/complaints/{token}/", {}).name
