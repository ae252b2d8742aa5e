"""What makes the demo's complaints desk a place to work: macros, mail to sort, old cases for the figures."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

from complaints import actions
from complaints.models import Macro

OLD_CASES = Path(__file__).parents[3] / "data" / "cases_sample.csv"
MACROS = (
    (
        "请店铺说明 · We ask the shop",
        "{name}您好，投诉 {number} 已收到。我们正在向{shop}了解情况，最晚 {due} 给您答复。",
        "Hello {name}, we have your complaint {number}. We are asking {shop} and answer you by {due}.",
    ),
    (
        "请补充照片 · A picture, please",
        "{name}您好，方便的话请为投诉 {number} 补充一张照片或小票，这样{shop}能更快核实。",
        "Hello {name}, could you add a picture or the receipt to complaint {number}? It helps {shop}.",
    ),
)


#: Sender, subject and text of mail that nobody has sorted yet; their programs want no automatic answer.
MAILS = (
    (
        "洪女士 <hong@example.com>",
        "干洗后大衣缩水",
        "上周六取的大衣，回家一试袖子短了一截，标签还在。附近那家洗衣店，怎么赔？",
    ),
    (
        "Tom B. <tom@example.org>",
        "Charged twice",
        "Your milk tea shop by the metro took my payment twice on Friday.",
    ),
)


def write_in(now: datetime) -> None:
    """Through the verbs of the worker; sent again, a mail is known."""
    for number, (sender, subject, text) in enumerate(MAILS, 1):
        letter = EmailMessage()
        letter["From"], letter["Subject"], letter["X-Auto-Response-Suppress"] = sender, subject, "All"
        letter.set_content(text)
        raw = letter.as_bytes()
        mail = actions.arrive(0, number, len(raw), moment=now - timedelta(minutes=35 * number))
        actions.receive_mail(actions.keep_mail(mail, raw), raw, moment=now)


def fill_desk(now: datetime) -> int:
    """How many old cases there are now; they come from a real city, and the figures say which."""
    write_in(now)
    for name, chinese, english in MACROS:
        Macro.objects.get_or_create(name=name, defaults={"text_zh": chinese, "text_en": english})
    report = actions.import_cases(
        OLD_CASES.read_bytes(),
        source="NYC 311",
        zone=ZoneInfo("America/New_York"),
        columns={},
        reasons={"Animal-Abuse": "conduct", "Pet Shop": "quality", "Illegal Animal Sold": "quality"},
        by=None,
        moment=now,
    )
    return report.added + report.unchanged
