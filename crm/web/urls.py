from django.urls import path

from crm.web import (
    birthday,
    campaigns,
    customers,
    funnels,
    granting,
    greetings,
    mailings,
    merging,
    reports,
    today,
)

app_name = "crm"
urlpatterns = [
    path("me/birthday/", birthday.birthday, name="birthday"),
    path("me/birthday/remove/", birthday.remove, name="remove_birthday"),
    path("me/birthday/noted/<slug:merchant>/remove/", birthday.remove_noted, name="remove_noted_birthday"),
    path("m/<slug:merchant>/", today.today, name="today"),
    path("m/<slug:merchant>/customers/", customers.roster, name="roster"),
    path("m/<slug:merchant>/customers/grant/", granting.grant, name="grant"),
    path("m/<slug:merchant>/campaigns/flash/", campaigns.flash, name="flash"),
    path("m/<slug:merchant>/campaigns/flash/review/", campaigns.review, name="flash_review"),
    path("m/<slug:merchant>/campaigns/flash/<slug:campaign>/", campaigns.campaign, name="campaign"),
    path("m/<slug:merchant>/campaigns/flash/<slug:campaign>/stop/", campaigns.stop, name="stop_campaign"),
    path("m/<slug:merchant>/campaigns/sent/", mailings.mailings, name="mailings"),
    path("m/<slug:merchant>/campaigns/sent/<int:mailing>/", mailings.mailing, name="mailing"),
    path("m/<slug:merchant>/campaigns/sent/<int:mailing>/stop/", mailings.stop, name="stop_mailing"),
    path("m/<slug:merchant>/coupons/<str:token>/results/", funnels.funnel, name="funnel"),
    path("m/<slug:merchant>/coupons/<str:token>/results/sales/", funnels.sales, name="funnel_sales"),
    path("m/<slug:merchant>/greetings/", greetings.greetings, name="greetings"),
    path("m/<slug:merchant>/greetings/off/", greetings.off, name="greetings_off"),
    path("m/<slug:merchant>/reports/awards/", reports.awards, name="awards"),
    path("m/<slug:merchant>/customers/<int:customer>/", customers.customer, name="customer"),
    path("m/<slug:merchant>/customers/<int:customer>/merge/", merging.merge, name="merge"),
    path("m/<slug:merchant>/customers/<int:customer>/birthday/", greetings.note, name="note_birthday"),
    path(
        "m/<slug:merchant>/customers/<int:customer>/birthday/forget/",
        greetings.forget,
        name="forget_birthday",
    ),
    path("m/<slug:merchant>/customers/<int:customer>/phone/", customers.phone, name="phone"),
]
