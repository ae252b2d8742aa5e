from django.urls import path

from consumers.web import (
    deals,
    geojson,
    landing,
    merchant_reviews,
    my_reviews,
    nearby,
    reviews,
    search,
    still_true,
    storefront,
    wallet,
)

app_name = "consumers"
urlpatterns = [
    path("nearby/", nearby.nearby, name="nearby"),
    path("nearby/from/", nearby.look_from, name="look_from"),
    path("nearby.geojson", geojson.nearby_geojson, name="nearby_geojson"),
    path("c/<slug:area>/", landing.area, name="area"),
    path("c/<slug:area>/<slug:category>/", landing.area, name="area_category"),
    path("deals/", deals.deals, name="deals"),
    path("search/", search.search, name="search"),
    path("search/suggestions/", search.suggestions, name="suggestions"),
    path("s/<slug:shop>/", storefront.storefront, name="storefront"),
    path("s/<slug:shop>/reviews/", reviews.reviews, name="reviews"),
    path("s/<slug:shop>/reviews/write/", reviews.write, name="write_review"),
    path("s/<slug:shop>/reviews/<slug:token>/report/", reviews.report, name="report_review"),
    path("me/reviews/", my_reviews.mine, name="my_reviews"),
    path("me/reviews/<slug:token>/", my_reviews.one, name="my_review"),
    path("me/reviews/<slug:token>/edit/", my_reviews.edit, name="edit_review"),
    path("me/reviews/<slug:token>/withdraw/", my_reviews.withdraw, name="withdraw_review"),
    path("m/<slug:merchant>/reviews/", merchant_reviews.of_merchant, name="of_merchant"),
    path("m/<slug:merchant>/reviews/<slug:token>/reply/", merchant_reviews.reply, name="reply"),
    path("m/<slug:merchant>/reviews/<slug:token>/report/", merchant_reviews.report, name="report_to_staff"),
    path("s/<slug:shop>/services/<int:service>/", storefront.service, name="service"),
    path("s/<slug:shop>/photos/", storefront.photos, name="photos"),
    path("s/<slug:shop>/still-true/", still_true.still_true, name="still_true"),
    path("me/cards/", wallet.cards, name="cards"),
    path("me/cards/<slug:token>/", wallet.card, name="card"),
    path("me/cards/<slug:token>/code/", wallet.code, name="card_code"),
]
