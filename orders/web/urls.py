from django.urls import path

from orders.web import counter, receipts, walk_ins

app_name = "orders"
urlpatterns = [
    path("m/<slug:merchant>/counter/", counter.counter, name="counter"),
    path("m/<slug:merchant>/counter/find/", counter.find, name="find"),
    path("m/<slug:merchant>/counter/walk-in/", walk_ins.walk_in, name="walk_in"),
    path("m/<slug:merchant>/counter/ring/", counter.ring, name="ring"),
    path("m/<slug:merchant>/counter/activity/", counter.activity, name="activity"),
    path("m/<slug:merchant>/counter/activity/<slug:token>/undo/", counter.undo, name="undo"),
    path("r/<slug:token>/", receipts.receipt, name="receipt"),
    path("me/orders/", receipts.purchases, name="purchases"),
]
