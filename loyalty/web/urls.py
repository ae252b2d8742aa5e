from django.urls import path

from loyalty.web import merchant, public

app_name = "loyalty"
urlpatterns = [
    path("s/<str:shop>/card/", public.join, name="join"),
    path("m/<slug:merchant>/cards/", merchant.cards, name="cards"),
    path("m/<slug:merchant>/cards/settings/", merchant.settings, name="settings"),
]
