"""What a person wants to hear, from whom and when: said once, kept in the ledger, in force at once."""

from datetime import time

from django.db import transaction

from messaging.consent import TEXT_VERSION, by_default, is_fixed
from messaging.models import Choice, ConsentEntry, Mute, Source, Times
from portal.kernel.models import User


@transaction.atomic
def choose(
    person: User,
    wishes: dict[tuple[str, str], bool],
    *,
    source: Source,
    proof: str = "",
) -> int:
    """Write down what a person wants to be told where: ``{(purpose, channel): yes or no}``.

    ``proof`` is what shows that it was them, such as the session or the link it came by. Only a
    change of mind makes an entry in the ledger; what can't be refused is left out. Returns
    how many entries were written.
    """
    User.objects.select_for_update(no_key=True).get(pk=person.pk)  # two tabs write one after the other
    standing = {(c.purpose, c.channel): c.wanted for c in Choice.objects.of(person)}
    changed = {
        key: wanted
        for key, wanted in wishes.items()
        if not is_fixed(*key) and standing.get(key, by_default(*key)) != wanted
    }
    entries = [
        ConsentEntry(
            person=person,
            purpose=purpose,
            channel=channel,
            wanted=wanted,
            text_version=TEXT_VERSION,
            source=source,
            proof=proof,
        )
        for (purpose, channel), wanted in changed.items()
    ]
    ConsentEntry.objects.bulk_create(entries)
    Choice.objects.bulk_create(
        [Choice(person=person, purpose=p, channel=c, wanted=w) for (p, c), w in changed.items()],
        update_conflicts=True,
        unique_fields=["person", "purpose", "channel"],
        update_fields=["wanted"],
    )
    return len(entries)


def set_quiet_hours(person: User, quiet_from: time, quiet_until: time) -> None:
    """Equal times mean: never quiet."""
    Times.objects.update_or_create(
        person=person, defaults={"quiet_from": quiet_from, "quiet_until": quiet_until}
    )


@transaction.atomic
def mute(person: User, merchant_id: int, *, source: Source, proof: str = "") -> bool:
    """No advertising of this merchant any more; what the person buys there is still told. Twice is once."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    made = Mute.objects.get_or_create(person=person, merchant_id=merchant_id)[1]
    if made:
        _say(person, merchant_id, wanted=False, source=source, proof=proof)
    return made


@transaction.atomic
def hear_again(person: User, merchant_id: int, *, source: Source, proof: str = "") -> bool:
    """What was agreed to before holds for this merchant again."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    gone, _rows = Mute.objects.of(person.pk).filter(merchant_id=merchant_id).delete()
    if gone:
        _say(person, merchant_id, wanted=True, source=source, proof=proof)
    return bool(gone)


def _say(person: User, merchant_id: int, *, wanted: bool, source: Source, proof: str) -> None:
    ConsentEntry.objects.create(
        person=person,
        merchant_id=merchant_id,
        wanted=wanted,
        text_version=TEXT_VERSION,
        source=source,
        proof=proof,
    )
