"""What both sides see of orders of printed matter: the staff's queue, and the messages to whoever asked."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Min
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from merchants.models.print_order import WAITING, OrderState, PlatformPrintOrder
from messaging.actions import tell
from messaging.kinds import Kind
from portal.kernel.dates import span


def tell_of_order(order: PlatformPrintOrder, kinds: Mapping[str, Kind], *, to: str, page: str) -> None:
    """To whoever asked for it, once for each step; that the parcel arrived they have said themselves."""
    if kind := kinds.get(OrderState(to)):
        batch: Any = order.batch  # type: ignore[attr-defined]  # each subclass has its own
        tell(
            order.asked_by,
            kind,
            occurrence=f"print order:{order.pk}:{to}",
            url=page,
            quantity=batch.quantity,
            reason=order.reason,
        )


def queue_tile(request: HttpRequest, model: type[PlatformPrintOrder]) -> str:
    """How many wait for us, and for how long the oldest does; nothing to those who may not move them."""
    app, name = model._meta.app_label, model._meta.model_name
    if not request.user.has_perm(f"{app}.change_{name}"):
        return ""
    rows: Any = model._default_manager
    found = rows.filter(state__in=WAITING).aggregate(waiting=Count("pk"), oldest=Min("asked_at"))
    oldest = found["oldest"]
    tile = {
        "title": capfirst(model._meta.verbose_name_plural),
        "href": reverse(f"admin:{app}_{name}_changelist"),
        "waiting": found["waiting"],
        "oldest": span(timezone.now() - oldest) if oldest else "",
    }
    return render_to_string("merchants/admin/queues.html", {"tiles": [tile]}, request=request)
