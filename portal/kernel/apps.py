from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

REGISTERING = ("checks", "tasks", "jobs", "invariants", "codes", "slots")


class KernelConfig(AppConfig):
    name = "portal.kernel"
    label = "kernel"
    verbose_name = _("Street Corner")

    def ready(self) -> None:
        """Let every app register, lowest first, in every process.

        Checks, subscribers, jobs, invariants, codes and slots register on import; a web process
        that had not loaded them would publish its events to nobody.
        """
        post_migrate.connect(import_module("portal.kernel.grants").after_migrate, sender=self)
        for app in ["portal.kernel", *reversed(settings.DOMAIN_APPS), "portal.home"]:
            for module in REGISTERING:
                if apps.is_installed(app) and find_spec(f"{app}.{module}"):
                    import_module(f"{app}.{module}")
