"""What must be true of the code and the configuration before the portal serves anybody."""

from typing import Any

from django.core.checks import Error, register

from portal.kernel.access import undeclared


@register()
def every_route_declares_its_policy(**kwargs: Any) -> list[Error]:
    return [Error(f"{route.path} declares no access policy", id="kernel.E001") for route in undeclared()]
