"""Proving a claim with a code sent to the phone that the listing itself publishes."""

import secrets
from datetime import timedelta

import phonenumbers
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from merchants.kinds import CLAIM_CODE
from merchants.models import ClaimState, ListingClaim, Shop
from merchants.trust.likeness import NUMBERS
from messaging.texts import write_to
from portal.kernel.crypto import blind_index
from portal.kernel.forms import read_phone
from portal.kernel.limits import Limit, take
from portal.kernel.refused import Refused

CODE_LIVES = timedelta(minutes=10)
DIGITS = 6
SENT = Limit("claim codes to a phone", most=3, seconds=86_400)
TRIED = Limit("claim codes tried", most=5, seconds=3600)
MOBILE = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


class NoPhoneToTry(Refused):
    sentence = _("The listing publishes no mobile number to send a code to. Send evidence instead.")


class CodesUsedUp(Refused):
    status = 429
    sentence = _("We have sent enough codes to this phone for today. Send evidence, or try tomorrow.")


class WrongClaimCode(Refused):
    sentence = _("That is not the code that we sent, or it is older than ten minutes.")


def phone_to_try(shop: Shop) -> str | None:
    """The first number of the listing that receives texts, in E.164; never one that the claimant typed."""
    for part in NUMBERS.split(shop.phone):
        phone = read_phone(part)
        if phone and phonenumbers.number_type(phonenumbers.parse(phone)) in MOBILE:
            region = phonenumbers.region_code_for_number(phonenumbers.parse(phone))
            if region in settings.SMS_COUNTRIES:
                return phone
    return None


def send_claim_code(claim: ListingClaim) -> str:
    """Send a code; returns the last digits of where it went. Tries are counted before they are judged."""
    phone = phone_to_try(claim.shop)
    if phone is None or claim.state != ClaimState.WAITING or claim.shop.merchant_id == claim.merchant_id:
        raise NoPhoneToTry
    if not take(SENT, phone):
        raise CodesUsedUp
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    with transaction.atomic():
        claim.code_index = code_index(claim, code)
        claim.code_until = timezone.now() + CODE_LIVES
        claim.save(update_fields=["code_index", "code_until"])
        language = get_language() or settings.LANGUAGE_CODE
        write_to(CLAIM_CODE, phone, language, CODE_LIVES, code=code, shop=claim.shop.name)
    return phone[-4:]


def code_index(claim: ListingClaim, code: str) -> bytes:
    """What is kept of a code: good for this claim alone."""
    return blind_index(f"claim {claim.pk} {code}")


def prove_claim(claim: ListingClaim, code: str) -> ListingClaim:
    """The code came back: whoever claims answers the listing's own phone. Our staff still decide."""
    if not take(TRIED, claim.pk):
        raise CodesUsedUp
    with transaction.atomic():
        claim = ListingClaim.objects.select_for_update(no_key=True).get(pk=claim.pk)
        known, until = claim.code_index, claim.code_until
        good = known is not None and until is not None and until > timezone.now()
        if not good or not secrets.compare_digest(bytes(known or b""), code_index(claim, code.strip())):
            raise WrongClaimCode
        claim.proved_at, claim.code_index, claim.code_until = timezone.now(), None, None
        claim.save(update_fields=["proved_at", "code_index", "code_until"])
    return claim
