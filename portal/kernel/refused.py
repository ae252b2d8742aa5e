"""A rule that says no, in words that tell the person what to do instead."""

from typing import Any

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """Raised by verbs; faces show ``str(refusal)`` beside the form and answer with ``status``."""

    status = 422
    sentence: Any = _("That is not possible right now.")

    def __init__(self, sentence: Any = None, /, **values: Any) -> None:
        self.values = values
        self.sentence = sentence if sentence is not None else self.sentence
        super().__init__(self.sentence)

    def __str__(self) -> str:
        return str(self.sentence % self.values) if self.values else str(self.sentence)


class KeyReused(Refused):
    """The same request key came back with other content."""

    status = 409
    sentence = _("This form was already sent with other details. Open it again and check before sending.")
