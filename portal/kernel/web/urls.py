from django.urls import path, re_path

from portal.kernel.web import health, jobs, resolver

app_name = "kernel"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("jobs/<str:token>/", jobs.job, name="job"),
    path("jobs/<str:token>/cancel/", jobs.cancel, name="job_cancel"),
    path("jobs/<str:token>/result/", jobs.result, name="job_result"),
    re_path(r"^[qQ]/$", resolver.type_it, name="type_code"),
    re_path(r"^[qQ]/(?P<token>[^/]{1,40})/?$", resolver.resolve, name="resolve"),
]
