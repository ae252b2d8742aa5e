"""The tree of reasons that a portal begins with: planted by a migration, and where the table is empty."""

from typing import Any

#: What a portal begins with: code, names, and what stands below. Managers change it under "Reasons".
FIRST: tuple[tuple[str, str, str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "quality",
        "服务或商品有问题",
        "The service or product was not right",
        (
            ("quality-result", "没有做好，或与说好的不一样", "Not done well, or not as agreed"),
            ("quality-late", "等得太久，或没有按时", "Long wait, or not on time"),
            ("quality-missing", "少了、坏了或拿错了", "Something missing, damaged or mixed up"),
            ("quality-safety", "卫生或安全有问题", "Not clean or not safe"),
        ),
    ),
    (
        "price",
        "收费与说好的不一致",
        "I was charged something else than promised",
        (
            ("price-shown", "与标价不一样", "Other than the price shown"),
            ("price-unsaid", "事先没有说清楚", "Not said beforehand"),
            ("price-refund", "该退的钱没有退", "Money not given back"),
        ),
    ),
    (
        "card",
        "积分、会员卡或优惠券",
        "Points, card or coupon",
        (
            ("card-points", "积分没有到账，或不对", "Points missing or wrong"),
            ("card-coupon", "优惠券不能用", "Coupon not accepted"),
            ("card-balance", "卡里余额不对", "Balance of the card wrong"),
        ),
    ),
    (
        "conduct",
        "服务态度",
        "How I was treated",
        (
            ("conduct-rude", "说话不客气", "Rude words"),
            ("conduct-ignored", "没有人理，也不解决", "Nobody cared or helped"),
        ),
    ),
    (
        "listing",
        "店铺信息有误",
        "What the listing says is wrong",
        (
            ("listing-hours", "营业时间不对", "Wrong opening hours"),
            ("listing-place", "地址或电话不对", "Wrong address or phone number"),
            ("listing-gone", "店已经关了", "The shop is gone"),
        ),
    ),
    ("other", "其他", "Something else", ()),
)


def plant(reasons: Any) -> None:
    """``reasons`` is the model, also as a migration knows it. Two at once plant one tree."""
    roots = [
        reasons(code=code, name_zh=zh, name_en=en, position=place)
        for place, (code, zh, en, _below) in enumerate(FIRST, 1)
    ]
    leaves = [
        reasons(code=code, name_zh=zh, name_en=en, position=place, parent_id=root)
        for root, _zh, _en, below in FIRST
        for place, (code, zh, en) in enumerate(below, 1)
    ]
    for rows in (roots, leaves):
        reasons.objects.bulk_create(rows, ignore_conflicts=True)
