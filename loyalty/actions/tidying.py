"""Forgetting what nobody can use any more."""

from datetime import datetime

from django.db import transaction

from loyalty.models import PinCode, PinTry
from portal.kernel.codes import retire_codes


@transaction.atomic
def forget_codes(*, before: datetime) -> int:
    """The addresses of approvals, which live two minutes, and codes for PINs, which live five."""
    return retire_codes("approval", before=before) + PinCode.objects.filter(sent_at__lt=before).delete()[0]


@transaction.atomic
def forget_tries(*, before: datetime) -> int:
    return PinTry.objects.filter(tried_at__lt=before).delete()[0]
