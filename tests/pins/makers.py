"""Tries at a PIN."""

from datetime import timedelta

import pytest
from django.utils import timezone

from loyalty.actions import pins as verbs

NOW = timezone.now()


def judge(card, digits, *, moment=NOW, **facts):
    return verbs.judge_pin(card, digits, moment=moment, **facts)


def wrong(card, times, *, moment=NOW, **facts):
    """So many wrong tries, each a moment apart; what each was told."""
    said = []
    for number in range(times):
        with pytest.raises(verbs.Refused) as refusal:
            judge(card, "190283", moment=moment + timedelta(seconds=number), **facts)
        said.append(type(refusal.value))
    return said
