"""Going through the sign-in as a browser would."""

from typing import Any

from django.test import Client

LOGIN, CODE = "/accounts/login/", "/accounts/login/code/confirm/"
PHONE = "+8613812345678"


def ask(client: Client, who: str, **extra: str) -> Any:
    return client.post(LOGIN, {"login": who, **extra})


def enter(client: Client, code: str, **extra: str) -> Any:
    return client.post(CODE, {"code": code, **extra})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session
