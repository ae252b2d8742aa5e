"""Which grade the rules give a case: the first rule counts of which everything holds."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.aggregates import Count
from django.db.models.functions import Coalesce

from complaints.duties import seen
from complaints.models import Complaint, Grade, GradeRule, GradeRules
from complaints.reasons.tree import Tree, reason_tree
from portal.kernel.models import User

NEW_FOR = timedelta(days=1)  # an account not older than that was made for the report
#: Harm to the body, said so that it is hardly anything else: not "insult to injury", "感觉很受伤", "骨折价".
HARM = (
    "受伤了，受了伤，弄伤，烫伤，烧伤，灼伤，割伤，割破了，摔伤，骨折了，摔骨折，流血，食物中毒，上吐下泻，送医，送急诊，"
    "injured, scalded, burned my, burnt my, burned me, burnt me, bleeding, broke my, broken bone, "
    "food poisoning, taken to hospital, taken to the hospital, hospitalised, hospitalized"
)
#: May be harm, and asks for a look the same day. A hospital or the police alone are places.
CARE = (
    "受伤，过敏，起疹，拉肚子，肠胃炎，中毒，去医院，去了医院，住院了，报警了，已报警，报了警，"
    "injuries, allergic reaction, skin rash, poisoned, went to hospital, went to the hospital, "
    "called an ambulance, called the police"
)
FIRST_ONCE = 7_216_003  # advisory lock while the first version is written
FIRST_AMOUNT = 100_000  # minor units of money
HAN = re.compile(r"[\u3400-\u9fff]")
#: Right before a word these deny it: 没有人烫伤 ("nobody was"), and not 不小心烫伤 ("carelessly").
DENIES_HAN = re.compile(r"[没未无不非][有人曾被造成出现发生任何什么敢说]{0,5}$")
DENIES = re.compile(
    r"(\b(no|not|never|nobody|none|without)|n['’]t)"
    r"(\s+(one|was|were|is|are|has|have|been|be|got|get|any|a|an|anybody|anyone|being)){0,4}\s+$"
)
Rules = Sequence[GradeRule]


@dataclass(frozen=True)
class Filed:
    """What is known of a case when it is filed."""

    reason: str
    came_by: str
    said: str
    amount: int | None  # what was to pay at the purchase, minor units
    open_cases: int  # other ones of the merchant
    is_guest: bool


def current_rules() -> list[GradeRule]:
    """The newest version; where there is none yet, the one that every portal begins with."""
    return rules_of(_newest() or _first())


def _newest() -> GradeRules | None:
    return GradeRules.objects.order_by("-pk").first()


def rules_of(version: GradeRules) -> list[GradeRule]:
    return list(version.rules.select_related("reason").order_by("position"))


@transaction.atomic
def _first() -> GradeRules:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_ONCE])
    if made := _newest():
        return made  # somebody was faster
    version = GradeRules.objects.create()
    tree = reason_tree()
    rules = [
        *(
            GradeRule(reason=tree.of_code[code], words=HARM, grade=Grade.CRITICAL)
            for code in ("quality", "conduct")
            if code in tree
        ),
        GradeRule(words=HARM, grade=Grade.SERIOUS),
        GradeRule(words=CARE, grade=Grade.SERIOUS),
        GradeRule(amount_from=FIRST_AMOUNT, grade=Grade.SERIOUS),
        GradeRule(grade=Grade.MINOR),
    ]
    for position, rule in enumerate(rules, 1):
        rule.version, rule.position = version, position
    GradeRule.objects.bulk_create(rules)
    return version


def judged(filed: Filed, rules: Rules, tree: Tree) -> GradeRule | None:
    said = _plain(filed.said)
    return next((rule for rule in rules if _holds(rule, filed, said, tree)), None)


def _holds(rule: GradeRule, filed: Filed, said: str, tree: Tree) -> bool:
    return (
        tree.holds(filed.reason, rule.reason_id)
        and rule.came_by in ("", filed.came_by)
        and (rule.amount_from is None or (filed.amount or 0) >= rule.amount_from)
        and (rule.open_from is None or filed.open_cases >= rule.open_from)
        and rule.is_guest in (None, filed.is_guest)
        and (not rule.words or any(_says(said, _plain(word)) for word in rule.each_word()))
    )


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _says(said: str, word: str) -> bool:
    """A Chinese word anywhere; another one where a word begins, so that "burn" meets "burned" alone.

    A word that is denied right before ("没有受伤", "nobody was injured") isn't said.
    """
    is_han = HAN.search(word) is not None
    begins = "" if is_han else r"(?<!\w)"
    denies = DENIES_HAN if is_han else DENIES
    return any(
        not denies.search(said[: found.start()]) for found in re.finditer(begins + re.escape(word), said)
    )


def filed_now(complaint: Complaint) -> Filed:
    """Of a case that is about to be kept."""
    open_cases = 0
    if complaint.merchant_id:
        open_cases = Complaint.objects.still_open().filter(merchant=complaint.merchant_id).count()
    return Filed(
        reason=complaint.reason_id,
        came_by=complaint.came_by,
        said=complaint.said,
        amount=complaint.purchase.bill if complaint.purchase else None,
        open_cases=open_cases,
        is_guest=complaint.filed_at - complaint.person.date_joined < NEW_FOR,
    )


def lately(reader: User, count: int) -> list[tuple[Complaint, Filed]]:
    """The latest cases that the reader sees, the newest first, with what was known when each was filed."""
    beside = (
        Complaint.objects.filter(merchant=OuterRef("merchant"), filed_at__lt=OuterRef("filed_at"))
        .filter(Q(ended_at=None) | Q(ended_at__gt=OuterRef("filed_at")))
        .order_by()
        .values("merchant")
        .annotate(count=Count("pk"))
    )
    cases = Complaint.objects.filter(seen(reader)).annotate(
        beside=Coalesce(Subquery(beside.values("count")), 0),
        bill=F("purchase__bill"),
        joined=F("person__date_joined"),
    )
    return [(case, _then(case)) for case in cases.order_by("-filed_at", "-pk")[:count]]


def _then(case: Complaint) -> Filed:
    known: dict[str, object] = case.__dict__
    return Filed(
        reason=case.reason_id,
        came_by=case.came_by,
        said=case.said,
        amount=known["bill"],  # type: ignore[arg-type]
        open_cases=known["beside"],  # type: ignore[arg-type]
        is_guest=case.filed_at - known["joined"] < NEW_FOR,  # type: ignore[operator]
    )


@dataclass(frozen=True)
class Changed:
    """A case that the rules would grade otherwise than it is graded now."""

    complaint: Complaint
    rule: GradeRule | None
    grade: str

    @property
    def grade_in_words(self) -> str:
        return str(Grade(self.grade).label)


@dataclass(frozen=True)
class Preview:
    """What rules would do to the latest cases: how many each would hold for, and which would change."""

    read: int
    held: list[tuple[GradeRule, int]]
    changed: list[Changed]


def preview(rules: Iterable[GradeRule], tree: Tree, *, reader: User, count: int) -> Preview:
    rules = list(rules)
    held = dict.fromkeys(range(len(rules)), 0)
    changed = []
    cases = lately(reader, count)
    for case, filed in cases:
        rule = judged(filed, rules, tree)
        if rule:
            held[rules.index(rule)] += 1
        grade = rule.grade if rule else Grade.MINOR.value
        if grade != case.grade:
            changed.append(Changed(case, rule, grade))
    return Preview(len(cases), [(rule, held[place]) for place, rule in enumerate(rules)], changed)
