"""Names and phones of people who don't exist.

Phones use 170 0000 xxxx-style numbers of the demo's own block; nobody is ever called, texts go to a page.
"""

import random
from dataclasses import dataclass

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏"
    "苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙黎史陶贺毛段郝顾龚邵"
    "万钱严赖覃洪武莫孔"
)
GIVEN = (
    "伟芳娜敏静丽强磊洋艳勇军杰娟涛超明霞秀兰平刚桂英华玉萍红梅建国志文博宇浩然子涵欣怡梓轩雨桐"
    "思远佳琪晨曦一诺若溪景行知夏云舒清和安之乐言星辰可馨"
)
ENGLISH = [
    "Amy",
    "Ben",
    "Carla",
    "David",
    "Elena",
    "Frank",
    "Grace",
    "Hugo",
    "Irene",
    "Jack",
    "Kate",
    "Leo",
    "Mia",
    "Noah",
]


@dataclass(frozen=True)
class Person:
    name: str
    phone: str  # E.164
    language: str


def phone_of(number: int) -> str:
    """The demo's block of mobile numbers, 10,000 in all; ``number`` picks one."""
    return f"+861709990{number:04d}"


def made_up(dice: random.Random, number: int) -> Person:
    """One in twelve reads English; the others have a surname and one or two further characters."""
    if dice.random() < 1 / 12:
        return Person(f"{dice.choice(ENGLISH)} {dice.choice('ABCDEFGHKLMNPRSTW')}.", phone_of(number), "en")
    name = dice.choice(SURNAMES) + "".join(dice.sample(GIVEN, dice.choice((1, 2, 2))))
    return Person(name, phone_of(number), "zh-hans")
