from django.urls import URLPattern

app_name = "consumers"
urlpatterns: list[URLPattern] = []
