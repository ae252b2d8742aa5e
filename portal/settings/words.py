"""Languages, time, money, and what the house promises in numbers."""

from django.utils.translation import gettext_lazy as _

from portal.settings.place import PORTAL_DEMO, PRODUCTION, ROOT, env

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [ROOT / "portal" / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
HOME_TIME_ZONE = env.str("HOME_TIME_ZONE", "Asia/Shanghai")  # for visitors and shops that say nothing
# Parts of town that visitors choose from; the first is where they start.
AREAS_FILE = env.str("AREAS_FILE", str(ROOT / "data" / "areas.json"))
PHONENUMBER_DEFAULT_REGION = env.str("PHONE_REGION", "CN")
CURRENCY = env.str("CURRENCY", "CNY")
CURRENCY_SYMBOL = env.str("CURRENCY_SYMBOL", "¥")
CURRENCY_EXPONENT = env.int("CURRENCY_EXPONENT", 2)

# Points that a manager may add or take by hand in 24 hours; the owner isn't limited.
MANAGER_ADJUSTS_A_DAY = env.int("MANAGER_ADJUSTS_A_DAY", 1000)
MANAGER_GIVES_LEVELS_A_DAY = env.int("MANAGER_GIVES_LEVELS_A_DAY", 5)

# Who takes online payments; "simulated" takes none and is for the demo and for tests. Empty: none.
PAYMENT_GATEWAY = env.str("PAYMENT_GATEWAY", "" if PRODUCTION and not PORTAL_DEMO else "simulated")

# Rules of law on prepaid cards: "" for none, "cn"; the numbers and their sources stand in loyalty/prepaid.py.
PREPAID_PROFILE = env.str("PREPAID_PROFILE", "")

# Complaints: within how many working days each reason is answered.
COMPLAINT_ANSWER_DAYS = {
    "quality": 2,
    "price": 1,
    "card": 1,
    "conduct": 1,
    "listing": 3,
    "other": 2,
}

# The face that pictures and PDFs are set in; Debian's fonts-noto-cjk brings it.
CJK_FONT = env.str("CJK_FONT", "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
