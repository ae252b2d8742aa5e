"""The phone number or e-mail address by which a person is reached, and the person behind it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import phonenumbers
from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from merchants.actions import link_customers
from portal.home.accounts.sealing import LONGEST_EMAIL
from portal.kernel.crypto import blind_indexes
from portal.kernel.forms import PhoneField
from portal.kernel.models import User


class Way(StrEnum):
    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True)
class Contact:
    """One way to reach one person: a number in E.164 or an address in lower case."""

    way: Way
    value: str

    def person(self) -> User | None:
        """Whose it is: proved by a code at some time, or entered for them by the platform."""
        if self.way is Way.PHONE:
            return User.objects.with_phone(self.value).first()
        proved = EmailAddress.objects.filter(email=self.value, verified=True, user=OuterRef("pk"))
        named = User.objects.annotate(is_proved=Exists(proved))  # one question, whoever is there
        theirs = named.filter(Q(is_proved=True) | Q(email_index__in=blind_indexes(self.value)))
        return theirs.order_by("-is_proved", "pk").first()

    def proved_by(self, person: User | None) -> User:
        """Note that the contact is theirs: a code sent to it came back. Makes the account at first."""
        with transaction.atomic():
            person = person or self.person() or self._new_person()
            if self.way is Way.PHONE:
                keep_phone(person, self.value, verified=True)
                link_customers(person)
            else:
                keep_email(person, self.value)
        return person

    def _new_person(self) -> User:
        """Two taps at once make one account: the second finds what the first wrote."""
        try:
            with transaction.atomic():
                return User.objects.create_user(
                    **{self.way.value: self.value}, language=get_language() or settings.LANGUAGE_CODE
                )
        except IntegrityError:
            if person := self.person():
                return person
            raise


def keep_phone(person: User, phone: str, *, verified: bool) -> None:
    """Write the number (and since when it is proved); unchanged facts leave no trace in the history."""
    moment = (person.phone_verified_at or timezone.now()) if verified else None
    if person.phone == phone and person.phone_verified_at == moment:
        return
    person.phone, person.phone_verified_at = phone, moment
    person.save(update_fields=["phone", "phone_index", "phone_verified_at"])


def keep_email(person: User, email: str) -> None:
    """The proved address becomes the person's one address."""
    EmailAddress.objects.filter(user=person).exclude(email=email).delete()
    EmailAddress.objects.update_or_create(
        user=person, email=email, defaults={"verified": True, "primary": True}
    )
    follow_email(person)


def follow_email(person: User) -> None:
    """Keep the person's own sealed e-mail equal to the proved address (or to none)."""
    proved = EmailAddress.objects.filter(user=person, verified=True, primary=True).first()
    email = proved.email if proved else None
    if person.email != email:
        person.email = email
        person.save(update_fields=["email", "email_index"])


class TextablePhoneField(PhoneField):
    """A number that texts are sent to: mobile or unknown kind, in a country we send to."""

    default_error_messages = {
        "country": _("We can't send texts to numbers of this country. Use an e-mail address instead"),
        "kind": _("This number can't receive texts. Enter a mobile number"),
    }
    UNTEXTABLE = (
        phonenumbers.PhoneNumberType.FIXED_LINE,
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.TOLL_FREE,
    )

    def clean(self, value: Any) -> Any:
        phone = super().clean(value)
        if not phone:
            return phone
        number = phonenumbers.parse(phone)
        if phonenumbers.region_code_for_number(number) not in settings.SMS_COUNTRIES:
            raise forms.ValidationError(self.error_messages["country"], code="country")
        if phonenumbers.number_type(number) in self.UNTEXTABLE:
            raise forms.ValidationError(self.error_messages["kind"], code="kind")
        return phone


class ContactField(forms.CharField):
    """One box for a phone number or an e-mail address, as people write them; cleans to a ``Contact``."""

    default_error_messages = {
        "required": _("Enter a phone number or an e-mail address"),
        "email": _("Enter an e-mail address such as name@example.com"),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_EMAIL, **kwargs)
        self.widget.attrs |= {"autocomplete": "username webauthn", "autocapitalize": "none"}

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        if "@" not in text and "＠" not in text:
            return Contact(Way.PHONE, TextablePhoneField().clean(text))
        email = text.replace("＠", "@").replace("。", ".").lower()
        try:
            validate_email(email)
        except forms.ValidationError:
            raise forms.ValidationError(self.error_messages["email"], code="email") from None
        return Contact(Way.EMAIL, email)
