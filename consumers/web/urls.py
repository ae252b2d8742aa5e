from django.urls import path

from consumers.web import geojson, landing, nearby, search, storefront, wallet

app_name = "consumers"
urlpatterns = [
    path("nearby/", nearby.nearby, name="nearby"),
    path("nearby/from/", nearby.look_from, name="look_from"),
    path("nearby.geojson", geojson.nearby_geojson, name="nearby_geojson"),
    path("c/<slug:area>/", landing.area, name="area"),
    path("c/<slug:area>/<slug:category>/", landing.area, name="area_category"),
    path("search/", search.search, name="search"),
    path("search/suggestions/", search.suggestions, name="suggestions"),
    path("s/<slug:shop>/", storefront.storefront, name="storefront"),
    path("me/cards/", wallet.cards, name="cards"),
    path("me/cards/<slug:token>/", wallet.card, name="card"),
    path("me/cards/<slug:token>/code/", wallet.code, name="card_code"),
]
