from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "portal.home"
    verbose_name = _("Front door")

    def ready(self) -> None:
        """allauth's models must be there before they are wired to ours."""
        import_module("portal.home.accounts.wiring")
