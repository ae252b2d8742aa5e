from django.urls import path

from orders.web import counter, offline, passes, payments, points, receipts, returns, top_ups, walk_ins
from orders.web.member_urls import urlpatterns as of_members

app_name = "orders"
urlpatterns = [
    *of_members,
    path("m/<slug:merchant>/counter/", counter.counter, name="counter"),
    path("m/<slug:merchant>/counter/find/", counter.find, name="find"),
    path("m/<slug:merchant>/counter/walk-in/", walk_ins.walk_in, name="walk_in"),
    path("m/<slug:merchant>/counter/points/", points.ask_points, name="ask_points"),
    path("m/<slug:merchant>/counter/ring/", counter.ring, name="ring"),
    path("m/<slug:merchant>/counter/take-back/", returns.take_back, name="take_back"),
    path("m/<slug:merchant>/counter/activity/", counter.activity, name="activity"),
    path("m/<slug:merchant>/counter/activity/<slug:token>/undo/", counter.undo, name="undo"),
    path("m/<slug:merchant>/counter/offline/", offline.kept, name="offline"),
    path("m/<slug:merchant>/counter/offline/key/", offline.key, name="offline_key"),
    path("m/<slug:merchant>/counter/offline/send/", offline.send, name="offline_send"),
    path("m/<slug:merchant>/counter/offline/<uuid:nonce>/", offline.decide, name="offline_decide"),
    path("m/<slug:merchant>/counter/top-up/<str:number>/", top_ups.top_up, name="top_up"),
    path("m/<slug:merchant>/counter/top-ups/<slug:token>/", top_ups.topped_up, name="topped_up"),
    path("m/<slug:merchant>/counter/top-ups/<slug:token>/undo/", top_ups.undo, name="undo_top_up"),
    path("m/<slug:merchant>/counter/passes/<str:number>/sell/", passes.sell, name="sell_pass"),
    path("m/<slug:merchant>/counter/passes/<slug:token>/", passes.sold, name="pass_sold"),
    path("m/<slug:merchant>/counter/passes/<slug:token>/undo/", passes.undo, name="undo_pass"),
    path("m/<slug:merchant>/counter/passes/<slug:token>/use/", passes.use, name="use_visit"),
    path("r/<slug:token>/", receipts.receipt, name="receipt"),
    path("me/cards/<slug:token>/top-up/", payments.top_up, name="top_up_online"),
    path("me/cards/<slug:token>/passes/buy/", payments.buy_pass, name="buy_pass"),
    path("me/payments/<slug:token>/", payments.payment, name="payment"),
    path("me/payments/<slug:token>/simulated/", payments.simulated_cashier, name="simulated_cashier"),
    path("api/v1/payments/<slug:gateway>/", payments.notice, name="payment_notice"),
    path("me/orders/", receipts.purchases, name="purchases"),
]
