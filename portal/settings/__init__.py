"""Settings for every environment; what differs comes from the environment (see docs/operations.md)."""

# ruff: noqa: F403 (Django reads one flat module; each room below holds one subject)
from portal.settings.apps import *
from portal.settings.background import *
from portal.settings.logs import *
from portal.settings.mailbox import *
from portal.settings.people import *
from portal.settings.place import *
from portal.settings.sending import *
from portal.settings.stores import *
from portal.settings.wallets import *
from portal.settings.walls import *
from portal.settings.words import *
