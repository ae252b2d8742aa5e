"""Which of two languages a shop's words are shown in."""

from django.utils.translation import get_language


def in_language(zh: str, en: str) -> str:
    """The reader's language where the shop has said it there, else what it has said."""
    return (en or zh) if (get_language() or "").startswith("en") else (zh or en)
