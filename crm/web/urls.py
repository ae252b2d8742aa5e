from django.urls import path

from crm.web import customers, today

app_name = "crm"
urlpatterns = [
    path("m/<slug:merchant>/", today.today, name="today"),
    path("m/<slug:merchant>/customers/", customers.roster, name="roster"),
    path("m/<slug:merchant>/customers/<int:customer>/", customers.customer, name="customer"),
    path("m/<slug:merchant>/customers/<int:customer>/phone/", customers.phone, name="phone"),
]
