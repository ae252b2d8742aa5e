from django.urls import path

from messaging.web import demo, inbox, log, push, reports, settings, unsubscribe

app_name = "messaging"
urlpatterns = [
    path("me/inbox/", inbox.inbox, name="inbox"),
    path("me/inbox/read/", inbox.read_all, name="read_all"),
    path("me/inbox/<int:message>/read/", inbox.read_one, name="read_one"),
    path("me/notifications/", settings.notifications, name="notifications"),
    path("me/notifications/log/", log.log, name="log"),
    path("sms/report/", reports.sms_report, name="sms_report"),
    path("me/push/", push.subscribe, name="push_subscribe"),
    path("me/push/forget/", push.forget, name="push_forget"),
    path("u/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    path("demo/sms/", demo.texts, name="demo_texts"),
]
