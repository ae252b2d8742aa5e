"""Sessions in the database, sealed: a pending sign-in holds a phone number and the code sent to it."""

import logging
from typing import Any

from django.contrib.sessions.backends import db

from portal.kernel.crypto import WrongKey, seal, unseal

logger = logging.getLogger(__name__)


class SessionStore(db.SessionStore):
    @classmethod
    def get_model_class(cls) -> Any:
        return db.SessionStore.get_model_class()

    def encode(self, session_dict: dict[str, Any]) -> str:
        return seal(super().encode(session_dict))

    def decode(self, session_data: str) -> dict[str, Any]:  # type: ignore[override]
        """A session under a key that was taken away is a session that has ended."""
        try:
            return super().decode(unseal(session_data))
        except WrongKey:
            logger.warning("a session could not be opened and counts as ended")
            return {}
