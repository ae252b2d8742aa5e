"""Visit passes in the console."""

from django.urls import path

from loyalty.web import passes

urlpatterns = [
    path("m/<slug:merchant>/cards/passes/", passes.passes, name="passes"),
    path("m/<slug:merchant>/cards/passes/passes.csv", passes.passes_file, name="passes_file"),
    path("m/<slug:merchant>/cards/passes/<int:offer>/", passes.change_pass, name="change_pass"),
    path(
        "m/<slug:merchant>/cards/<str:number>/passes/<slug:token>/refund/",
        passes.refund_pass,
        name="refund_pass",
    ),
]
