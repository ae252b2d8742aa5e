"""The Celery application; workers and web processes share it. Workers refuse an unsafe configuration."""

import os
from importlib import import_module
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

TRANSPORT_ALIASES["redis"] = "portal.broker:Transport"  # by name: loaded by whoever connects

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def refuse_to_start(**facts: Any) -> None:
    import_module("portal.kernel.checks").refuse_to_start()
