"""The way in: one box, a code of six digits, and the same pages whether or not an account exists.

The account is made when the first code comes back, so asking for a code tells nobody who is here
and leaves nothing behind. Stages, sessions and the second factor are allauth's.
"""

import secrets
from typing import Any, Self

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from portal.home.accounts.contacts import Contact, Way
from portal.home.accounts.sending import send_code
from portal.kernel.limits import Limit, count_try, take
from portal.kernel.refused import Refused
from portal.kernel.web import client_address

TRIES = Limit("code tried", most=5, seconds=900)
SENT_TO_ONE = Limit("code sent", most=3, seconds=300)


class AskedTooOften(Refused):
    status = 429
    sentence = _("We have sent several codes already. Wait five minutes, then ask for a new one")


def may_send(request: HttpRequest, contact: Contact) -> None:
    """Guards the text-message budget: per contact, per address, and in all (threats T27)."""
    day = Limit("codes sent in a day", most=settings.CODES_PER_CONTACT_A_DAY, seconds=86_400)
    here = Limit("codes sent from one address", most=settings.CODES_PER_ADDRESS_AN_HOUR, seconds=3600)
    everywhere = Limit("codes sent", most=settings.CODES_AN_HOUR, seconds=3600)
    counted = [
        (here, client_address(request)),
        (SENT_TO_ONE, contact.value),
        (day, contact.value),
        (everywhere, ""),
    ]
    if not all(take(limit, who) for limit, who in counted):
        raise AskedTooOften


class Entrance(LoginCodeVerificationProcess):
    """A pending sign-in: which contact, which code, how many tries are left."""

    @classmethod
    def begin(cls, request: HttpRequest, contact: Contact) -> Self:
        """Send a code. Raises AskedTooOften."""
        may_send(request, contact)
        person = contact.person()
        login = Login(user=person, state={"stages": {"current": LoginByCodeStage.key}})
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(user=person, **{contact.way.value: contact.value}))
        stage.state.update(initiated_by_user=True, tries=secrets.token_hex(8))
        pending = cls(stage)
        pending.send()
        pending.persist()
        return pending

    @property
    def contact(self) -> Contact:
        way = Way.PHONE if self.state.get("phone") else Way.EMAIL
        return Contact(way, self.state[way.value])

    def send(self, skip_enumeration_mails: bool = False) -> None:
        self.state["code"] = get_adapter().generate_login_code()
        send_code(self.contact.way, self.contact.value, self.state["code"])

    def resend(self) -> None:
        """A new code; the one before no longer counts. Raises AskedTooOften."""
        may_send(self.request, self.contact)
        self.state.update(self.initial_state(user=self.user), tries=secrets.token_hex(8))
        self.send()
        self.persist()

    def count_try(self) -> int:
        """Tries left after this one; counted in the database, so that parallel guesses share them."""
        return count_try(TRIES, self.state["tries"])

    def finish(self, redirect_url: str | None) -> HttpResponse:
        contact = self.contact
        person = contact.proved_by(self.user)
        facts: dict[str, Any] = {contact.way.value: contact.value}
        record_authentication(self.request, person, method="code", **facts)
        return perform_login(self.request, Login(user=person, redirect_url=redirect_url))
