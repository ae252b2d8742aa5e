"""Signing in, by whatever allauth verified; permissions as Django knows them."""

from allauth.account.auth_backends import AuthenticationBackend


class PortalBackend(AuthenticationBackend):
    pass
