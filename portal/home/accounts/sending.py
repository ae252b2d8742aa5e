"""How a sign-in code leaves the house: a message row now, the worker sends it after the commit."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext

from messaging.texts import send_code_email, send_code_sms


def send_code(way: str, value: str, code: str) -> None:
    """In the language of the page on which it was asked for."""
    if way == "phone":
        send_code_sms(value, code, language=get_language() or "")
    else:
        send_mail("account/email/login_code", value, {"code": code})


def send_mail(template: str, address: str, context: dict[str, Any]) -> None:
    subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
    body = render_to_string(f"{template}_message.txt", context).strip()
    send_code_email(address, f"{subject} · {gettext('Street Corner')}", body)
