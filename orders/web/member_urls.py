"""A member at the counter beside the bill."""

from django.urls import path

from orders.web import member

HERE = "m/<slug:merchant>/counter/member/<slug:token>/"

urlpatterns = [
    path(HERE, member.member, name="member"),
    path(f"{HERE}redeem/", member.redeem, name="redeem"),
    path(f"{HERE}stamp/", member.stamp, name="stamp"),
    path(f"{HERE}<slug:voucher>/use/", member.use, name="use_voucher"),
    path(f"{HERE}<slug:voucher>/undo/", member.undo, name="undo_voucher"),
]
