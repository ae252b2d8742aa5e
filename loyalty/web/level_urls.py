"""Levels, rules, rewards and stamps in the console."""

from django.urls import path

from loyalty.web import levels, rewards, rules

urlpatterns = [
    path("m/<slug:merchant>/cards/levels/", levels.levels, name="levels"),
    path("m/<slug:merchant>/cards/rewards/", rewards.rewards, name="rewards"),
    path("m/<slug:merchant>/cards/rewards/<int:reward>/", rewards.change_reward, name="change_reward"),
    path("m/<slug:merchant>/cards/stamps/", rewards.schemes, name="stamps"),
    path("m/<slug:merchant>/cards/stamps/<int:scheme>/", rewards.change_scheme, name="change_stamps"),
    path("m/<slug:merchant>/cards/rules/", rules.rules, name="rules"),
    path("m/<slug:merchant>/cards/rules/campaign/", rules.campaign, name="campaign"),
    path("m/<slug:merchant>/cards/rules/campaign/<int:campaign>/stop/", rules.stop, name="stop_campaign"),
    path("m/<slug:merchant>/cards/<str:number>/level/", levels.card_level, name="card_level"),
]
