from django.urls import path

from loyalty.web import care, merchant, public

app_name = "loyalty"
urlpatterns = [
    path("s/<str:shop>/card/", public.join, name="join"),
    path("m/<slug:merchant>/cards/", merchant.cards, name="cards"),
    path("m/<slug:merchant>/cards/settings/", merchant.settings, name="settings"),
    path("m/<slug:merchant>/cards/<str:number>/", care.card, name="card"),
    path("m/<slug:merchant>/cards/<str:number>/adjust/", care.adjust, name="adjust"),
    path("m/<slug:merchant>/cards/<str:number>/freeze/", care.freeze, name="freeze"),
    path("m/<slug:merchant>/cards/<str:number>/release/", care.release, name="release"),
    path("m/<slug:merchant>/cards/<str:number>/replace/", care.replace, name="replace"),
]
