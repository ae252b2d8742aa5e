from django.urls import path

from complaints.web import consumer, merchant

app_name = "complaints"
urlpatterns = [
    path("s/<slug:shop>/complain/", consumer.report, name="report"),
    path("me/complaints/", consumer.mine, name="mine"),
    path("me/complaints/<str:token>/", consumer.case, name="case"),
    path("me/complaints/<str:token>/decide/", consumer.decide, name="decide"),
    path("me/complaints/<str:token>/files/<str:code>/", consumer.file, name="file"),
    path("m/<slug:merchant>/complaints/", merchant.of_merchant, name="of_merchant"),
]
