"""Languages, time, money, and what the house promises in numbers."""

from django.utils.translation import gettext_lazy as _

from portal.settings.place import PORTAL_DEMO, PRODUCTION, ROOT, env

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [ROOT / "portal" / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
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

# Rules of law on prepaid cards: "" for none, "cn"; numbers and sources stand in loyalty/value/prepaid.py.
PREPAID_PROFILE = env.str("PREPAID_PROFILE", "")

# Rules of law on complaints: "" for none, "cn"; numbers and sources stand in complaints/clocks/statutory.py.
COMPLAINT_PROFILE = env.str("COMPLAINT_PROFILE", "")

# The face that pictures and PDFs are set in; Debian's fonts-noto-cjk brings it.
CJK_FONT = env.str("CJK_FONT", "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")

# Words on coupons that are void or mislead; a merchant reads what is said before publishing. ``pattern`` is
# a regular expression without regard to case. The sources are named for whoever adapts the list to a place.
COUPON_WORDING = [
    {
        "pattern": r"最终解释权|解释权归|final (interpretation|say)",
        "says": _("Keeping the last word on what the terms mean is void. Say the terms instead."),
        "source": "SAMR Order 37 (2020) on contract terms, art. 6; Consumer Protection Law art. 26 (China)",
    },
    {
        "pattern": r"概不退款|不予退换|一经售出.{0,6}不退|no refunds?\b",
        "says": _("Refusing refunds in every case is void: the law grants them in some."),
        "source": "Consumer Protection Law art. 24-26 (China); Supreme People's Court, prepaid 2025, art. 9",
    },
    {
        "pattern": r"过期作废|逾期作废|forfeit",
        "says": _("Money that was paid can’t be forfeited. For what is free, say until when it is valid."),
        "source": "Supreme People's Court, interpretation on prepaid consumption (2025), art. 9",
    },
    {
        "pattern": r"国家级|最高级|最佳|全网最低|全国第一|史上最低|\bbest price (ever|in town)\b",
        "says": _("Superlatives are forbidden in advertisements. Say what you give."),
        "source": "Advertising Law art. 9 (China)",
    },
    {
        "pattern": r"原价\s*[¥￥]?\s*\d+.{0,8}现价",
        "says": _("A price before must be one that was really asked lately."),
        "source": "SAMR Order 56 (2022) on clearly marked prices, art. 17 and 19 (China)",
    },
    {
        "pattern": r"(马上|立即|最后).{0,3}(一天|一次).{0,4}[!！]|last chance ever",
        "says": _("Pressing people with a last chance misleads when the offer comes again."),
        "source": "Directive 2005/29/EC, annex I no. 7 (European Union)",
    },
    {
        "pattern": r"[!！]{2,}",
        "says": _("One exclamation mark is enough."),
        "source": "House rule on clear wording",
    },
]
