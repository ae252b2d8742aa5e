from django.urls import path, re_path

from portal.kernel.web import health, resolver

app_name = "kernel"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    re_path(r"^[qQ]/(?P<token>[^/]{1,40})/?$", resolver.resolve, name="resolve"),
]
