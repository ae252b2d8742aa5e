from django.urls import path

from portal.home.web import front

app_name = "home"
urlpatterns = [path("", front.front_page, name="front")]
