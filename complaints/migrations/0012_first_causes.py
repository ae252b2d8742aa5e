"""A tree of causes to begin with, and who may tend it."""

from django.db import migrations

TREE = {
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
GROUPS = ("Complaint agents", "Complaint supervisors", "Complaint managers", "Complaint auditors")
LEADS = ("Complaint supervisors", "Complaint managers")


def plant(apps, schema_editor):
    causes = apps.get_model("complaints", "Cause")
    for (code, name_zh, name_en), below in TREE.items():
        top, _ = causes.objects.get_or_create(code=code, defaults={"name_zh": name_zh, "name_en": name_en})
        for child, zh, en in below:
            names = {"name_zh": zh, "name_en": en, "parent": top}
            causes.objects.get_or_create(code=child, defaults=names)


def give_rights(apps, schema_editor):
    """Everybody at the desk reads; supervisors and managers tend causes and preventive actions."""
    content_types = apps.get_model("contenttypes", "ContentType")
    permissions = apps.get_model("auth", "Permission")
    groups = apps.get_model("auth", "Group")

    def right(verb, model):
        kind, _ = content_types.objects.get_or_create(app_label="complaints", model=model)
        names = {"defaults": {"name": f"Can {verb} {model}"}}
        return permissions.objects.get_or_create(content_type=kind, codename=f"{verb}_{model}", **names)[0]

    reads = [right("view", model) for model in ("cause", "finding", "prevention", "effectcheck")]
    tends = [right(verb, model) for verb in ("add", "change") for model in ("cause", "prevention")]
    for name in GROUPS:
        groups.objects.get_or_create(name=name)[0].permissions.add(*reads)
    for name in LEADS:
        groups.objects.get(name=name).permissions.add(*tends)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0011_causes")]

    operations = [
        migrations.RunPython(plant, migrations.RunPython.noop),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
