from django.urls import path

from complaints.web import consumer, linked, merchant, misconduct, offers, remedies, survey

app_name = "complaints"
urlpatterns = [
    path("s/<slug:shop>/complain/", consumer.report, name="report"),
    path("me/complaints/", consumer.mine, name="mine"),
    path("me/complaints/<str:token>/", consumer.case, name="case"),
    path("me/complaints/<str:token>/decide/", consumer.decide, name="decide"),
    path("me/complaints/<str:token>/files/<str:code>/", consumer.file, name="file"),
    path("me/misconduct/", misconduct.report, name="misconduct"),
    path("me/misconduct/<str:token>/", misconduct.case, name="misconduct_case"),
    path("case/<str:link>/", linked.case, name="linked"),
    path("case/<str:link>/decide/", linked.decide, name="linked_decide"),
    path("case/<str:link>/files/<str:code>/", linked.file, name="linked_file"),
    path("how/<str:token>/", survey.survey, name="survey"),
    path("m/<slug:merchant>/complaints/", merchant.of_merchant, name="of_merchant"),
    path("m/<slug:merchant>/complaints/remedies/", remedies.remedies, name="remedies"),
    path("m/<slug:merchant>/complaints/remedies/<int:remedy>/agree/", remedies.agree, name="agree"),
    path("m/<slug:merchant>/complaints/remedies/<int:remedy>/done/", remedies.done, name="done"),
    path("m/<slug:merchant>/complaints/remedies/<int:remedy>/drop/", remedies.drop, name="drop"),
    path("m/<slug:merchant>/complaints/<str:number>/offer/", offers.offer, name="offer"),
    path("m/<slug:merchant>/complaints/<str:number>/", merchant.at_shop, name="at_shop"),
    path(
        "m/<slug:merchant>/complaints/<str:number>/files/<str:code>/",
        merchant.file_at_shop,
        name="file_at_shop",
    ),
]
