"""Signing in with a password, by phone or by e-mail; permissions as Django knows them."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from portal.home.accounts.contacts import Contact, Way
from portal.kernel.models import User


class PortalBackend(AuthenticationBackend):
    """The contact is looked up by its blind index; allauth would filter the sealed column."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        for way in Way:
            if value := credentials.get(way.value):
                person = Contact(way, value).person()
                if person and self._check_password(person, credentials["password"]):
                    return person
        return None
