from django.urls import path

from consumers.web import geojson, nearby, storefront

app_name = "consumers"
urlpatterns = [
    path("nearby/", nearby.nearby, name="nearby"),
    path("nearby/from/", nearby.look_from, name="look_from"),
    path("nearby.geojson", geojson.nearby_geojson, name="nearby_geojson"),
    path("s/<slug:shop>/", storefront.storefront, name="storefront"),
]
