from django.urls import path, re_path

from merchants.web import (
    about,
    claims,
    corrections,
    days,
    photo_pages,
    printing,
    shops,
    start,
    team,
    wizard,
    words,
)

app_name = "merchants"
ONE = "m/<slug:merchant>/shops/<slug:shop>/"
TEAM = "m/<slug:merchant>/settings/team/"
urlpatterns = [
    path("m/", start.choose, name="choose"),
    path("m/start/", start.start, name="start"),
    path("m/<slug:merchant>/shops/", shops.shops, name="shops"),
    path("m/<slug:merchant>/shops/new/", shops.new_shop, name="new_shop"),
    path(ONE, shops.shop, name="shop"),
    path(f"{ONE}name/", wizard.name, name="shop_name"),
    path(f"{ONE}location/", wizard.location, name="shop_location"),
    path(f"{ONE}duplicates/", wizard.duplicates, name="shop_duplicates"),
    path(f"{ONE}hours/", wizard.hours, name="shop_hours"),
    path(f"{ONE}days/", days.days, name="shop_days"),
    path(f"{ONE}services/", wizard.services, name="shop_services"),
    path(f"{ONE}services/<int:service>/", words.service, name="service"),
    path(f"{ONE}words/", words.words, name="shop_words"),
    path(f"{ONE}notices/", words.notices, name="notices"),
    path(f"{ONE}notices/<int:notice>/", words.notice, name="notice"),
    path(f"{ONE}notices/<int:notice>/change/", words.change_notice, name="change_notice"),
    path(f"{ONE}preview/", words.preview, name="shop_preview"),
    path(f"{ONE}photo/", photo_pages.photo, name="shop_photo"),
    path(f"{ONE}photo/<int:photo>/", photo_pages.change_photo, name="change_photo"),
    path(f"{ONE}publish/", wizard.publish, name="shop_publish"),
    path(f"{ONE}share/", printing.share_kit, name="share_kit"),
    path(f"{ONE}print/<slug:sheet>.pdf", printing.sheet_pdf, name="sheet_pdf"),
    path(f"{ONE}print/<slug:sheet>/", printing.sheet, name="sheet"),
    path(f"{ONE}live/", shops.live, name="shop_live"),
    path("m/<slug:merchant>/settings/", team.settings, name="settings"),
    path(TEAM, team.team, name="team"),
    path(f"{TEAM}<int:member>/", team.change_member, name="change_member"),
    path(f"{TEAM}invitations/<int:invitation>/withdraw/", team.withdraw, name="withdraw_invitation"),
    path("invite/<str:token>/", team.invitation, name="invitation"),
    path("s/<slug:shop>/about/", about.about, name="about"),
    path("s/<slug:shop>/report/", corrections.report, name="report"),
    path("s/<slug:shop>/report/<int:correction>/withdraw/", corrections.withdraw, name="withdraw_report"),
    path("m/<slug:merchant>/corrections/", corrections.corrections, name="corrections"),
    path("m/<slug:merchant>/corrections/<int:correction>/", corrections.decide, name="decide_correction"),
    path("s/<slug:shop>/claim/", claims.claim, name="claim"),
    path("s/<slug:shop>/claim/code/", claims.send_code, name="claim_code"),
    path("s/<slug:shop>/claim/prove/", claims.prove, name="prove_claim"),
    path("m/<slug:merchant>/disputes/", claims.disputes, name="disputes"),
    path("s/<slug:shop>/claim/withdraw/", claims.withdraw_claim, name="withdraw_claim"),
    re_path(
        r"^media/photos/(?P<stem>[0-9a-z]{16,40})-(?P<width>\d{2,4})\.webp$", photo_pages.media, name="photo"
    ),
]
