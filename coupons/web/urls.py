from django.urls import path

from coupons.web import consumer, issued, merchant, paper, presents

app_name = "coupons"
OFFER = "m/<slug:merchant>/coupons/<str:token>/"
urlpatterns = [
    path("coupons/<str:token>/", consumer.offer, name="offer"),
    path("coupons/<str:token>/seen/", consumer.seen, name="seen"),
    path("present/<str:token>/", presents.present, name="present"),
    path("paper/<str:token>/", paper.paper, name="paper"),
    path("me/coupons/", consumer.mine, name="mine"),
    path("me/coupons/<str:token>/give/", presents.give, name="give"),
    path("me/coupons/<str:token>/take-back/", presents.take_back, name="take_back"),
    path("me/coupons/<str:token>/", consumer.ticket, name="ticket"),
    path("m/<slug:merchant>/coupons/", merchant.programmes, name="programmes"),
    path("m/<slug:merchant>/coupons/new/", merchant.new, name="new"),
    path("m/<slug:merchant>/coupons/<str:token>/", merchant.programme, name="programme"),
    path("m/<slug:merchant>/coupons/<str:token>/edit/", merchant.edit, name="edit"),
    path("m/<slug:merchant>/coupons/<str:token>/issued/", issued.issued, name="issued"),
    path("m/<slug:merchant>/coupons/<str:token>/issued/<str:coupon>/revoke/", issued.revoke, name="revoke"),
    path("m/<slug:merchant>/coupons/<str:token>/poster/", merchant.poster, name="poster"),
    path(f"{OFFER}paper/", paper.batches, name="paper_batches"),
    path(f"{OFFER}paper/<str:batch>/", paper.batch, name="paper_batch"),
    path(f"{OFFER}paper/<str:batch>/sheets/", paper.sheets, name="paper_sheets"),
    path(f"{OFFER}paper/<str:batch>/cancel/", paper.cancel, name="paper_cancel"),
    path(f"{OFFER}paper/<str:batch>/order/", paper.order, name="paper_order"),
    path(f"{OFFER}paper/<str:batch>/received/", paper.received, name="paper_received"),
]
