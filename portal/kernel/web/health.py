"""For machines that watch: is the process alive, can it do its work."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from portal.kernel.access import allow, anyone


@allow(GET=anyone)
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@allow(GET=anyone)
def readyz(request: HttpRequest) -> HttpResponse:
    """503 until the database answers and every migration is applied. Redis is not asked: it may be gone."""
    try:
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except Exception:  # any fault of the database is the answer itself
        return JsonResponse({"database": "unreachable"}, status=503)
    return JsonResponse(
        {"database": "ok", "migrations_waiting": waiting},
        status=503 if waiting else 200,
    )
