"""What a person changes about how the portal treats them."""

from django.db import transaction

from portal.kernel.models import User


@transaction.atomic
def speak(user: User, language: str) -> None:
    """From now on pages and messages reach the person in `language` (a code of settings.LANGUAGES)."""
    user.language = language
    user.save(update_fields=["language"])
