"""One JSON line per log record, from an allow-list of fields, so that no personal data slips in."""

import json
import logging
import re
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
ALLOWED = (
    "delivery",
    "subscriber",
    "job",
    "kind",
    "message",
    "channel",
    "count",
    "status_code",
    "ms",
)
_DIGITS = re.compile(r"\+?\d(?:[ -]?\d){7,14}")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


def scrub(text: str) -> str:
    """Phone-like digits and e-mail addresses never reach a log."""
    return _MAIL.sub("[e-mail]", _DIGITS.sub("[number]", text))


class JsonLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S"),
            "level": record.levelname,
            "from": record.name,
            "said": scrub(record.getMessage()),
        }
        if identity := request_id.get():
            line["request"] = identity
        line |= {
            name: getattr(record, name) for name in ALLOWED if name != "message" and hasattr(record, name)
        }
        if record.exc_info:
            line["trace"] = scrub(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)
