"""Imported once when the apps are ready: allauth's e-mail column is sealed, and we hear of changed addresses.

allauth tells of what happens on its own pages by signals; nothing else in the portal listens to any.
"""

from typing import Any

from allauth.account import signals
from allauth.account.models import EmailAddress

from portal.home.accounts.contacts import follow_email
from portal.home.accounts.rotation import reseal_addresses, reseal_second_steps
from portal.home.accounts.sealing import SealedEmailField
from portal.kernel.crypto import resealers

EmailAddress._meta.get_field("email").__class__ = SealedEmailField


def address_moved(sender: Any, **facts: Any) -> None:
    address = facts.get("email_address") or facts["to_email_address"]
    follow_email(address.user)


for told in (signals.email_confirmed, signals.email_changed, signals.email_removed):
    told.connect(address_moved, dispatch_uid="the person's own e-mail follows")
resealers.extend([reseal_second_steps, reseal_addresses])
