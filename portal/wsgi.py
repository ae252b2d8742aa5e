"""The web application; it refuses to start with an unsafe configuration."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()

from portal.kernel.checks import refuse_to_start  # noqa: E402 - needs the apps loaded

refuse_to_start()
gc.freeze()  # what start-up made stays for good: collections needn't walk it again
