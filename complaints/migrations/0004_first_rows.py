"""What a portal begins with: reasons, targets, limits, causes, and the four groups of the desk."""

from typing import Any

from django.db import migrations

from complaints.reasons import first as first_reasons
from portal.kernel.migrating import give

WEEK = [("09:00", "12:00"), ("13:30", "18:00")]
DAY = 450  # working minutes
ANSWERS = {"price": 1, "card": 1, "conduct": 1, "listing": 3}
#: kind, grade, reason (none: any), minutes, warned before
TARGETS = [
    ("acknowledge", "", None, 240, 60),
    ("acknowledge", "critical", None, 60, 30),
    ("answer", "", None, 2 * DAY, 120),
    *[("answer", "", reason, days * DAY, 120) for reason, days in ANSWERS.items()],
    ("answer", "serious", None, DAY, 120),
    ("answer", "critical", None, 225, 60),
    ("merchant", "", None, DAY, 120),
    ("merchant", "critical", None, 225, 60),
    ("consumer", "", None, 5 * DAY, DAY),
    ("resolution", "", None, 10 * DAY, DAY),
    ("resolution", "serious", None, 7 * DAY, DAY),
    ("resolution", "critical", None, 3 * DAY, 225),
]
#: role: most of one remedy, most of goodwill, in minor units
LIMITS = {
    "agent": (5_000, 20_000),
    "supervisor": (50_000, 50_000),
    "manager": (500_000, 100_000),
    "merchant": (20_000, 0),
}
CAUSES = {
    ("service", "服务", "Service"): [
        ("service-quality", "做得不好", "Not done well"),
        ("service-late", "等得太久或误点", "Late or long wait"),
        ("service-conduct", "态度", "Conduct"),
        ("service-hygiene", "卫生与安全", "Hygiene and safety"),
    ],
    ("price", "价格与收费", "Prices and charges"): [
        ("price-wrong", "收费与标价不符", "Charged other than shown"),
        ("price-unclear", "事先没有说清", "Not said beforehand"),
    ],
    ("card", "会员卡与优惠", "Cards and offers"): [
        ("card-points", "积分没有到账", "Points missing"),
        ("card-coupon", "优惠券不能用", "Coupon not accepted"),
        ("card-balance", "余额不对", "Balance wrong"),
    ],
    ("listing", "页面信息", "Listing"): [
        ("listing-hours", "营业时间不对", "Wrong hours"),
        ("listing-place", "地址不对", "Wrong place"),
    ],
    ("portal", "平台", "The portal"): [
        ("portal-fault", "系统故障", "Fault of the system"),
        ("portal-words", "说明看不懂", "Words not understood"),
    ],
    ("none", "查不出原因", "No cause found"): [],
}
#: Everybody at the desk reads these.
READ = (
    *("complaint", "step", "reply", "internalnote", "escalation", "remedy", "authority"),
    *("cause", "finding", "prevention", "effectcheck", "reason", "graderules", "graderule"),
)
ACTS = {
    "answer": "Can answer and move complaints",
    "supervise": "Can close complaints without agreement and take them up",
    "manage": "Can decide complaints as a manager",
}
#: Supervisors and managers tend causes and preventive actions; managers set limits, tend the tree of reasons,
#: write the rules of grading and say who works on what; auditors see who does and who tried at whose cases.
TENDED = [(verb, model) for verb in ("add", "change") for model in ("cause", "prevention")]
MANAGED = [
    *[("add", "authority"), ("change", "authority"), ("add", "reason"), ("change", "reason")],
    *[("add", "graderules"), ("add", "graderule"), ("view", "casetry"), ("add", "caseimport")],
    *[(verb, "duty") for verb in ("view", "add", "change", "delete")],
]
GROUPS: dict[str, tuple[list[str], list[tuple[str, str]]]] = {
    "Complaint agents": (["answer"], []),
    "Complaint supervisors": (["answer", "supervise"], TENDED),
    "Complaint managers": (["answer", "supervise", "manage"], [*TENDED, *MANAGED]),
    "Complaint auditors": ([], [("view", "duty"), ("view", "casetry")]),
}


def plant_reasons(apps: Any, schema_editor: Any) -> None:
    first_reasons.plant(apps.get_model("complaints", "Reason"))


def first_policy(apps: Any, schema_editor: Any) -> None:
    """Weekdays with a lunch break, and what is promised to begin with."""
    get = apps.get_model
    calendar = get("complaints", "WorkCalendar").objects.create(name="Desk")
    spans = get("complaints", "WorkSpan").objects
    spans.bulk_create(
        spans.model(calendar=calendar, weekday=day, begins=begins, ends=ends)
        for day in range(5)
        for begins, ends in WEEK
    )
    policy = get("complaints", "Policy").objects.create(calendar=calendar, why="As promised so far")
    targets = get("complaints", "Target").objects
    targets.bulk_create(
        targets.model(
            policy=policy, kind=kind, grade=grade, reason_id=reason, minutes=minutes, warn_minutes=warn
        )
        for kind, grade, reason, minutes, warn in TARGETS
    )


def set_limits(apps: Any, schema_editor: Any) -> None:
    authorities = apps.get_model("complaints", "Authority")
    for role, (most, goodwill) in LIMITS.items():
        authorities.objects.get_or_create(role=role, defaults={"most": most, "goodwill": goodwill})


def plant_causes(apps: Any, schema_editor: Any) -> None:
    causes = apps.get_model("complaints", "Cause")
    for (code, name_zh, name_en), below in CAUSES.items():
        top, _ = causes.objects.get_or_create(code=code, defaults={"name_zh": name_zh, "name_en": name_en})
        for child, zh, en in below:
            names = {"name_zh": zh, "name_en": en, "parent": top}
            causes.objects.get_or_create(code=child, defaults=names)


def make_groups(apps: Any, schema_editor: Any) -> None:
    for group, (acts, verbs) in GROUPS.items():
        rights = [("complaints.complaint", f"{act}_complaint", ACTS[act]) for act in acts]
        rights += [
            (f"complaints.{model}", f"{verb}_{model}", f"Can {verb} {model}")
            for verb, model in [*(("view", one) for one in READ), *verbs]
        ]
        give(apps, group, rights)


class Migration(migrations.Migration):
    replaces = [("complaints", "0004_clocks")]
    dependencies = [("complaints", "0003_mail_and_past_cases")]
    operations = [
        migrations.RunPython(plant_reasons, migrations.RunPython.noop),
        migrations.RunPython(first_policy, migrations.RunPython.noop),
        migrations.RunPython(set_limits, migrations.RunPython.noop),
        migrations.RunPython(plant_causes, migrations.RunPython.noop),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
