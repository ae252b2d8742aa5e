from django.urls import path

from portal.home.web import front, preferences, ui

app_name = "home"
urlpatterns = [
    path("", front.front_page, name="front"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("_ui/", ui.style_guide, name="ui"),
]
