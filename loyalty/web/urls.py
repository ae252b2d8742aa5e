from django.urls import path

from loyalty.web import approvals, care, importing, merchant, money, public, safeguard
from loyalty.web.level_urls import urlpatterns as of_levels

app_name = "loyalty"
urlpatterns = [
    *of_levels,
    path("s/<str:shop>/card/", public.join, name="join"),
    path("cards/<str:token>/claim/", public.claim, name="claim"),
    path("m/<slug:merchant>/cards/", merchant.cards, name="cards"),
    path("m/<slug:merchant>/cards/settings/", merchant.settings, name="settings"),
    path("m/<slug:merchant>/cards/members.csv", merchant.cards_file, name="cards_file"),
    path("m/<slug:merchant>/cards/enrol/", merchant.enrol, name="enrol"),
    path("m/<slug:merchant>/cards/import/", importing.imports, name="imports"),
    path("m/<slug:merchant>/cards/import/template.xlsx", importing.template, name="import_template"),
    path("m/<slug:merchant>/cards/import/<str:token>/", importing.one, name="import"),
    path("m/<slug:merchant>/cards/import/<str:token>/sheet/", importing.sheet, name="import_sheet"),
    path("m/<slug:merchant>/cards/import/<str:token>/check/", importing.check, name="import_check"),
    path("m/<slug:merchant>/cards/import/<str:token>/again/", importing.again, name="import_again"),
    path("m/<slug:merchant>/cards/import/<str:token>/confirm/", importing.confirm, name="import_confirm"),
    path("m/<slug:merchant>/cards/import/<str:token>/stop/", importing.stop, name="import_stop"),
    path("m/<slug:merchant>/cards/import/<str:token>/undo/", importing.undo, name="import_undo"),
    path("m/<slug:merchant>/cards/import/<str:token>/to-mend.xlsx", importing.mend, name="import_mend"),
    path("m/<slug:merchant>/cards/money/", money.terms, name="money"),
    path("m/<slug:merchant>/cards/closing/", money.closing, name="closing"),
    path("m/<slug:merchant>/refunds/", money.refunds, name="refunds"),
    path("m/<slug:merchant>/refunds/<int:refund>/paid/", money.pay_out, name="pay_out"),
    path("m/<slug:merchant>/reports/liability/", money.owed, name="owed"),
    path("m/<slug:merchant>/cards/<str:number>/refund/", money.refund, name="refund"),
    path("m/<slug:merchant>/cards/safeguard/", safeguard.safeguard, name="safeguard"),
    path("m/<slug:merchant>/cards/<str:number>/", care.card, name="card"),
    path("m/<slug:merchant>/cards/<str:number>/adjust/", care.adjust, name="adjust"),
    path("m/<slug:merchant>/cards/<str:number>/freeze/", care.freeze, name="freeze"),
    path("m/<slug:merchant>/cards/<str:number>/release/", care.release, name="release"),
    path("m/<slug:merchant>/cards/<str:number>/replace/", care.replace, name="replace"),
    path("m/<slug:merchant>/approvals/", approvals.ask, name="ask_approval"),
    path("m/<slug:merchant>/approvals/<slug:token>/", approvals.approval, name="approval"),
    path("m/<slug:merchant>/approvals/<slug:token>/withdraw/", approvals.withdraw, name="withdraw_approval"),
    path("m/<slug:merchant>/approvals/<slug:token>/keypad/", approvals.keypad, name="keypad"),
]
