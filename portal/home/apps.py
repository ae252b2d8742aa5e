from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "portal.home"
    verbose_name = _("Front door")

    def ready(self) -> None:
        """All models are there now: allauth's can be wired to ours, and the columns get their names."""
        import_module("portal.home.accounts.wiring")
        import_module("portal.home.columns").name_columns()
