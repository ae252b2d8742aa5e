"""Transport, cookies, what a page may load, and where it may send."""

import re

from csp.constants import NONE, SELF

from portal.settings.place import OVER_TLS, env

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OVER_TLS
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = OVER_TLS and env.bool("SSL_REDIRECT", True)
SECURE_HSTS_SECONDS = 31_536_000 if OVER_TLS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
ALLOW_PLAIN_HTTP = env.bool("ALLOW_PLAIN_HTTP", False)
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
MAP_TILES = env.str("MAP_TILES", "")  # no tiles by default: no third-party request
MAP_CREDITS = env.str("MAP_CREDITS", "© OpenStreetMap contributors")  # shown on the map that has tiles
TILE_HOSTS = re.findall(r"^https?://[^/]+", MAP_TILES.replace("{s}", "*"))
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [
            SELF,
            "'wasm-unsafe-eval'",
        ],  # the scanner's decoder is WebAssembly
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *TILE_HOSTS],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
