"""Questions about a batch of printed cards, and the job that draws its sheets."""

from django.db import transaction
from django.db.models import Count

from loyalty.look.designing import first_version
from loyalty.look.printing import sheets_of
from loyalty.models import CardLook, CardMedium, MediumState, PrintBatch
from portal.kernel.jobs import Running, start_once
from portal.kernel.models import Job, User

SHEETS = "loyalty.sheets"


def counted(batch: PrintBatch) -> dict[str, int]:
    """How many of the batch are nobody's, in use, revoked."""
    rows = CardMedium.objects.filter(batch=batch).values_list("state").annotate(number=Count("pk"))
    return {state.value: 0 for state in MediumState} | dict(rows)


@transaction.atomic
def sheets_job(batch: PrintBatch, *, by: User) -> Job:
    """The job that draws them as the cards look now; the one that is there, if it is still good."""
    PrintBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)  # two clicks, one job
    version = CardLook.objects.filter(merchant=batch.merchant_id).values_list("version", flat=True).first()
    wanted = {"batch": batch.pk, "look": version}
    return start_once(SHEETS, by=by, merchant_id=batch.merchant_id, params=wanted)


def draw_sheets(running: Running) -> None:
    """Every card of the batch, also those that are in use by now: a sheet can be printed again."""
    batch = PrintBatch.objects.select_related("merchant").get(pk=running.params["batch"])
    media = list(CardMedium.objects.filter(batch=batch).order_by("number"))
    running.progress(0, len(media))
    look = first_version(batch.merchant)
    content = sheets_of(look, batch.merchant, media, lambda done: running.progress(done, len(media)))
    running.save_result(f"{batch.merchant.slug}-cards-{batch.quantity}.pdf", content)
