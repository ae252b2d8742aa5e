"""Which column is which: by the words people put above them, in Chinese and in English."""

import unicodedata

from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty.importing.files import Cell, Row

LOOKED_AT = 12  # a title and a date may stand above the line with the names
NOISE = " _-:：()（）[]【】*＊/.·\"'\n"


class Field(models.TextChoices):
    """What of a member can be brought along."""

    PHONE = "phone", _("Phone")
    NAME = "name", _("Name")
    NUMBER = "number", _("Old card number")
    POINTS = "points", _("Points")
    JOINED = "joined", _("Member since")
    BIRTHDAY = "birthday", _("Birthday")
    LEVEL = "level", _("Level")


# More exact words first: 积分余额 is points, 赠送余额 a bonus, and 余额 alone is money paid in.
WORDS: dict[str, list[str]] = {
    Field.PHONE: [
        "手机号码",
        "手机号",
        "手机",
        "联系电话",
        "电话号码",
        "移动电话",
        "会员电话",
        "电话",
        "联系方式",
        "mobilenumber",
        "mobilephone",
        "phonenumber",
        "cellphone",
        "mobile",
        "cell",
        "telephone",
        "phone",
        "tel",
    ],
    Field.POINTS: [
        "可用积分",
        "剩余积分",
        "当前积分",
        "积分余额",
        "现有积分",
        "积分",
        "availablepoints",
        "currentpoints",
        "pointsbalance",
        "rewardpoints",
        "points",
        "point",
    ],
    "bonus": [
        "赠送余额",
        "赠送金额",
        "赠送金",
        "赠金余额",
        "赠金",
        "赠送",
        "bonusbalance",
        "bonus",
        "giftbalance",
        "gift",
    ],
    "principal": [
        "本金余额",
        "储值余额",
        "充值余额",
        "卡内余额",
        "账户余额",
        "可用余额",
        "剩余金额",
        "余额",
        "本金",
        "储值",
        "storedvalue",
        "accountbalance",
        "cardbalance",
        "principal",
        "balance",
    ],
    Field.NUMBER: [
        "会员卡号",
        "会员编号",
        "会员号",
        "卡号",
        "编号",
        "membernumber",
        "membershipnumber",
        "cardnumber",
        "memberid",
        "cardno",
        "membercode",
        "card",
    ],
    Field.NAME: [
        "会员姓名",
        "会员名称",
        "顾客姓名",
        "客户姓名",
        "姓名",
        "名字",
        "称呼",
        "昵称",
        "customername",
        "membername",
        "fullname",
        "name",
    ],
    Field.LEVEL: [
        "会员等级",
        "会员级别",
        "卡等级",
        "等级",
        "级别",
        "卡类型",
        "memberlevel",
        "membertier",
        "level",
        "tier",
        "grade",
    ],
    Field.BIRTHDAY: ["出生日期", "生日", "出生年月", "dateofbirth", "birthdate", "birthday", "dob"],
    Field.JOINED: [
        "入会日期",
        "入会时间",
        "开卡日期",
        "开卡时间",
        "办卡日期",
        "办卡时间",
        "注册日期",
        "注册时间",
        "加入日期",
        "建档日期",
        "joindate",
        "joinedon",
        "membersince",
        "registrationdate",
        "registered",
        "joined",
        "since",
        "created",
    ],
}


def folded(cell: Cell) -> str:
    text = unicodedata.normalize("NFKC", str(cell or "")).lower()
    return "".join(char for char in text if char not in NOISE and not char.isspace())


def meaning(cell: Cell) -> tuple[str, int] | None:
    """The field that a heading names, and how surely: the whole word, or a part of it."""
    said = folded(cell)
    if not said or len(said) > 24:
        return None
    for field, words in WORDS.items():
        if said in words:
            return str(field), 100 - words.index(said)
    for field, words in WORDS.items():
        for place, word in enumerate(words):
            if word in said and (len(word) > 1 and (not word.isascii() or len(word) > 3)):
                return str(field), 50 - place
    return None


def find_header(rows: list[Row]) -> int:
    """The index of the row that names the columns: the one among the first with the most known names."""
    first = next((place for place, row in enumerate(rows) if _wide(row)), 0)
    known = [(len(_guessed(row)), -place) for place, row in enumerate(rows[:LOOKED_AT])]
    most, place = max(known, default=(0, 0))
    return -place if most else first


def guess(row: Row, *, offered: list[str]) -> dict[str, int]:
    """Field → column, each at most once, for the fields that are offered."""
    return {field: column for field, column in _guessed(row).items() if field in offered}


def _guessed(row: Row) -> dict[str, int]:
    sure: dict[str, tuple[int, int]] = {}
    for column, cell in enumerate(row):
        found = meaning(cell)
        if found and found[1] > sure.get(found[0], (0, 0))[0]:
            sure[found[0]] = (found[1], column)
    return {field: column for field, (_sure, column) in sure.items()}


def _wide(row: Row) -> bool:
    return sum(cell not in (None, "") for cell in row) > 1
