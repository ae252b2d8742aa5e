from django.urls import path

from portal.home.web import about, engines, front, preferences, pwa, ui

app_name = "home"
urlpatterns = [
    path("", front.front_page, name="front"),
    path("me/", front.me, name="me"),
    path("for-shops/", about.for_shops, name="for_shops"),
    path("about/", about.about, name="about"),
    path("help/", about.help_page, name="help"),
    path("help/ranking/", about.ranking, name="ranking"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("manifest.webmanifest", pwa.manifest, name="manifest"),
    path("favicon.ico", pwa.favicon, name="favicon"),
    path("robots.txt", engines.robots, name="robots"),
    path("sitemap.xml", engines.sitemap, name="sitemap"),
    path("sitemap/areas.xml", engines.sitemap_areas, name="sitemap_areas"),
    path("sitemap/shops-<int:number>.xml", engines.sitemap_shops, name="sitemap_shops"),
    path("sw.js", pwa.service_worker, name="service_worker"),
    path("offline/", pwa.offline, name="offline"),
    path("_ui/", ui.style_guide, name="ui"),
]
