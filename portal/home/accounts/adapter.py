"""What allauth asks of the portal: where phones are kept, how codes travel, what counts as too often."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.forms import ValidationError
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _

from portal.home.accounts import sending
from portal.home.accounts.contacts import Contact, TextablePhoneField, Way, keep_phone
from portal.home.accounts.sealing import LONGEST_EMAIL
from portal.kernel.crypto import seal, unseal
from portal.kernel.limits import Limit, forget, take
from portal.kernel.models import User
from portal.kernel.web import client_address

WRONG_PASSWORDS = Limit("password", most=5, seconds=300)
WRONG_PASSWORDS_HERE = Limit("password from one address", most=30, seconds=300)


class AccountAdapter(DefaultAccountAdapter):
    """Phones are sealed on the person; codes go through messaging; limits are counted atomically."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("That code is not right. Check the digits and try again"),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again"),
        "rate_limited": _("That was often enough for now. Wait a few minutes, then try again"),
        "phone_password_mismatch": _("The number and the password don't belong together. Check both"),
        "email_password_mismatch": _("The address and the password don't belong together. Check both"),
        "incorrect_password": _("That is not your password. Check it and try again"),
        "enter_current_password": _("That is not your current password. Check it and try again"),
        "same_as_current": _("This is already yours. Enter another one to change it"),
        "phone_taken": _("This number belongs to another account. Sign in with it instead"),
        "email_taken": _("This address belongs to another account. Sign in with it instead"),
        "email": _("Enter an e-mail address of at most 254 characters"),
    }

    def get_login_stages(self) -> list[str]:
        """Every way in already proves the phone or the e-mail; nobody is asked to prove it twice."""
        proved = ("PhoneVerificationStage", "EmailVerificationStage")
        return [stage for stage in super().get_login_stages() if not stage.endswith(proved)]

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("/")

    # --- phones ---

    def phone_form_field(self, **kwargs: Any) -> TextablePhoneField:
        return TextablePhoneField(**{"label": _("Phone number")} | kwargs)

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified_at is not None) if user.phone else None

    def set_phone(self, user: Any, phone: str, verified: bool) -> None:
        keep_phone(user, phone, verified=verified)

    def set_phone_verified(self, user: Any, phone: str) -> None:
        keep_phone(user, phone, verified=True)

    def get_user_by_phone(self, phone: str) -> User | None:
        return Contact(Way.PHONE, phone).person()

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **kwargs: Any) -> None:
        sending.send_code("phone", phone, code)

    # --- e-mail ---

    def clean_email(self, email: str) -> str:
        if len(email) > LONGEST_EMAIL:
            raise ValidationError(self.error_messages["email"], code="email")
        return email

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        sending.send_mail(template_prefix, email, {"email": email, **context})

    # --- passwords: counted before they are looked at, per account and per address ---

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        here, account = client_address(request), self._account_of(credentials)
        if not (take(WRONG_PASSWORDS_HERE, here) and take(WRONG_PASSWORDS, account)):
            raise self.validation_error("too_many_login_attempts")

    def set_password(self, user: Any, password: str) -> None:
        user.set_password(password)
        user.save(update_fields=["password"])

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user:
            forget(WRONG_PASSWORDS, self._account_of(credentials))
        return user

    @staticmethod
    def _account_of(credentials: dict[str, Any]) -> str:
        return str(credentials.get("phone") or credentials.get("email") or "")


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps are sealed like every other personal secret."""

    def get_totp_issuer(self) -> str:
        return str(_("Street Corner"))

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)
