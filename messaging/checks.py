"""What the operator must not forget before messages go out."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register


@register()
def push_goes_over_tls(**kwargs: Any) -> list[Error]:
    """Without it a browser could make the portal post into the operator's own network."""
    if settings.PRODUCTION and not settings.PUSH_HTTPS_ONLY:
        return [Error("PUSH_HTTPS_ONLY is for tests: switch it on", id="messaging.E001")]
    return []
