"""Where things are kept: one PostGIS database, Redis for what may be forgotten, files."""

from pathlib import Path

from portal.settings.place import PRODUCTION, ROOT, env

# --- The database; the web's role owns no table ---

DATABASE = env.db_url("DATABASE_URL", engine="django.contrib.gis.db.backends.postgis")
DATABASES = {"default": DATABASE}
SOCKET = DATABASE.get("OPTIONS", {}).get("host", "")  # postgis://role@/name?host=/folder/of/the/socket
DATABASES["default"] |= {
    "HOST": SOCKET or DATABASE["HOST"],
    "CONN_MAX_AGE": 0,
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": True,  # a transaction pooler may stand in between
    "OPTIONS": {
        "application_name": "portal",
        # A queue at a lock or a runaway query becomes an answer, not a pile-up of threads.
        "options": (
            f"-c lock_timeout={env.int('LOCK_TIMEOUT_MS', 3000)}"
            f" -c statement_timeout={env.int('STATEMENT_TIMEOUT_MS', 0)}"
            " -c idle_in_transaction_session_timeout=60000"
        ),
    },
    "TEST": {"TEMPLATE": env.str("TEST_TEMPLATE", "portal_template")},
}
if env.bool("DATABASE_POOL", False):
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": env.int("DATABASE_POOL_MAX", 8),
        "timeout": 5,
    }
WEB_ROLE = env.str("WEB_ROLE", "portal_web")  # loses the right to rewrite ledgers and the audit trail
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = [
    "gis.W001",  # GDAL 3.6 warns on every command; points are made from two floats, never parsed
    "account.W001",  # phone, e-mail and password are each optional; the form demands one of the first two
    "security.W005",  # HSTS for subdomains and preloading bind names that aren't ours to decide about
    "security.W021",
]

# --- Redis: latency only, never the record ---

REDIS_URL = env.str("REDIS_URL", "redis://localhost:6379/0")
CACHES = {
    # Rate limits and one-time state must outlive Redis, so the default cache is a table.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kernel_cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
    # What may be forgotten at any moment: rendered pieces, counts. Errors read as a miss.
    "fast": {
        "BACKEND": "portal.kernel.cache.ForgivingRedis",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_timeout": 0.3, "socket_connect_timeout": 0.3},
    },
}

# --- Files ---

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(ROOT / "staticfiles")))
STATICFILES_DIRS = [ROOT / "static"]
STATICFILES_FINDERS = [
    "portal.home.styles.BundledStyles",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(ROOT / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "portal.home.hashed.HashedFiles"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
