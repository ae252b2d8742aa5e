"""The map of the portal. Each app writes its own full paths, so a path is found where its app is."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from portal.kernel.access import declare, own_guard

own = {"GET": own_guard, "POST": own_guard}
declare("accounts/", **own)
declare("staff/", **own)

urlpatterns = [
    path("staff/", admin.site.urls),  # first: its lists resolve their own address twice a row
    path("", include("portal.kernel.web.urls")),
    *(path("", include(f"{app}.web.urls")) for app in reversed(settings.DOMAIN_APPS)),
    path("", include("portal.home.web.urls")),
    path("accounts/", include("portal.home.accounts.urls")),
    path("accounts/", include("allauth.urls")),
]

handler400 = "portal.home.web.errors.cannot_be_read"
handler500 = "portal.home.web.errors.server_fault"
