"""What phones with a pass ask for."""

from django.urls import path

from loyalty.web import apple

HERE = "api/v1/wallet/apple/v1"

urlpatterns = [
    path(
        f"{HERE}/devices/<str:device>/registrations/<str:kind>/<slug:serial>",
        apple.registration,
        name="apple_registration",
    ),
    path(f"{HERE}/devices/<str:device>/registrations/<str:kind>", apple.changed, name="apple_changed"),
    path(f"{HERE}/passes/<str:kind>/<slug:serial>", apple.newest, name="apple_newest"),
    path(f"{HERE}/log", apple.log, name="apple_log"),
]
