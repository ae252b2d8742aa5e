"""What a new shop of a category begins with: usual hours and the services that most such shops offer.

Only a beginning: names can be changed, lines left without a price don't appear. By the category's
slug, else by its branch's.
"""

from typing import NamedTuple

from merchants.models import Category
from merchants.opening.week import every_day


class Starter(NamedTuple):
    name: str
    name_en: str
    minutes: int | None = None


USUAL_HOURS = (
    every_day("10:00", "21:00"),
    every_day("09:00", "18:00"),
    "Mo-Sa 09:00-20:00",
    "Mo-Fr 09:00-18:00",
    "24/7",
)
HOURS = {
    "dining": (
        every_day("11:00", "14:00", "17:00", "21:00"),
        every_day("10:00", "22:00"),
        every_day("06:00", "14:00"),
    ),
    "milk-tea": (every_day("10:00", "22:00"),),
    "cafe": (every_day("08:00", "20:00"),),
    "bakery": (every_day("07:00", "20:00"),),
    "bar": (every_day("18:00", "02:00"),),
    "groceries": (every_day("07:00", "22:00"), "24/7"),
    "convenience": ("24/7", every_day("07:00", "23:00")),
    "laundry-care": (every_day("08:30", "20:30"),),
    "cars": (every_day("08:00", "19:00"),),
    "fitness": (every_day("07:00", "22:00"),),
    "leisure": (every_day("12:00", "02:00"), every_day("10:00", "22:00")),
    "lodging": ("24/7",),
    "pharmacy": (every_day("08:00", "21:30"),),
    "public": ("Mo-Fr 09:00-17:00",),
    "office-services": ("Mo-Sa 08:30-19:00",),
    "learning": ("Tu-Su 09:00-20:00",),
}
SERVICES = {
    "hair": (
        Starter("剪发", "Haircut", 30),
        Starter("洗剪吹", "Wash, cut and blow-dry", 45),
        Starter("儿童剪发", "Child's haircut", 20),
        Starter("染发", "Hair colouring", 120),
        Starter("烫发", "Perm", 150),
    ),
    "nails": (
        Starter("纯色美甲", "Manicure", 60),
        Starter("款式美甲", "Nail art", 90),
        Starter("美睫", "Lashes", 60),
    ),
    "beauty-salon": (
        Starter("基础护肤", "Facial", 60),
        Starter("深层清洁", "Deep cleansing", 75),
        Starter("修眉", "Brows", 20),
    ),
    "massage": (
        Starter("足疗", "Foot massage", 60),
        Starter("全身按摩", "Body massage", 60),
        Starter("肩颈按摩", "Neck and shoulders", 30),
    ),
    "laundry": (
        Starter("衬衫干洗", "Shirt, dry clean"),
        Starter("西装套装", "Suit"),
        Starter("羽绒服", "Down jacket"),
        Starter("被子", "Duvet"),
        Starter("洗鞋", "Shoes"),
    ),
    "tailor": (
        Starter("改裤脚", "Trouser hem"),
        Starter("换拉链", "New zip"),
        Starter("收腰", "Take in the waist"),
    ),
    "repair": (
        Starter("配钥匙", "Key cutting"),
        Starter("换鞋跟", "New heels"),
        Starter("换电池", "Watch battery"),
    ),
    "car-wash": (
        Starter("普通洗车", "Car wash", 30),
        Starter("精洗", "Full valet", 90),
        Starter("打蜡", "Waxing", 60),
    ),
    "car-repair": (
        Starter("小保养", "Basic service", 60),
        Starter("换轮胎", "Tyre change", 30),
        Starter("检测", "Check-up", 30),
    ),
    "bicycles": (
        Starter("补胎", "Puncture repair"),
        Starter("换刹车", "New brakes"),
        Starter("换电瓶", "New battery"),
    ),
    "gym": (
        Starter("单次票", "Day pass"),
        Starter("月卡", "Month"),
        Starter("私教课", "Personal training", 60),
    ),
    "pool": (
        Starter("单次票", "One visit"),
        Starter("儿童票", "Child"),
        Starter("游泳课", "Swimming lesson", 60),
    ),
    "milk-tea": (
        Starter("珍珠奶茶", "Bubble tea"),
        Starter("水果茶", "Fruit tea"),
        Starter("柠檬茶", "Lemon tea"),
    ),
    "cafe": (Starter("美式咖啡", "Americano"), Starter("拿铁", "Latte"), Starter("蛋糕", "Cake")),
    "bakery": (
        Starter("吐司", "Toast loaf"),
        Starter("可颂", "Croissant"),
        Starter("生日蛋糕", "Birthday cake"),
    ),
    "fast-food": (Starter("套餐", "Set meal"), Starter("面条", "Noodles"), Starter("小吃", "Snack")),
    "restaurant": (
        Starter("招牌菜", "House special"),
        Starter("双人套餐", "Set for two"),
        Starter("午市套餐", "Lunch set"),
    ),
    "pharmacy": (
        Starter("量血压", "Blood pressure check"),
        Starter("口罩", "Masks"),
        Starter("体温计", "Thermometer"),
    ),
    "dentist": (
        Starter("洗牙", "Cleaning", 30),
        Starter("检查", "Check-up", 20),
        Starter("补牙", "Filling", 45),
    ),
    "optician": (
        Starter("验光", "Eye test", 20),
        Starter("配镜", "Glasses"),
        Starter("换镜片", "New lenses"),
    ),
    "pet-shop": (
        Starter("小型犬洗澡", "Small dog bath", 60),
        Starter("猫洗澡", "Cat bath", 60),
        Starter("美容", "Grooming", 120),
    ),
    "hotel": (
        Starter("大床房", "Double room"),
        Starter("双床房", "Twin room"),
        Starter("钟点房", "Day room"),
    ),
    "guest-house": (Starter("大床房", "Double room"), Starter("整套", "Whole flat"), Starter("床位", "Bed")),
    "printing": (
        Starter("黑白打印", "Black and white page"),
        Starter("彩色打印", "Colour page"),
        Starter("证件照", "ID photos", 15),
    ),
    "cleaning": (
        Starter("日常保洁", "Cleaning", 120),
        Starter("深度保洁", "Deep cleaning", 240),
        Starter("擦窗", "Windows", 90),
    ),
    "home-repair": (
        Starter("上门检查", "Home visit", 30),
        Starter("换水龙头", "New tap", 45),
        Starter("疏通下水道", "Drain unblocking", 60),
    ),
    "karaoke": (
        Starter("小包", "Small room", 180),
        Starter("中包", "Medium room", 180),
        Starter("饮料套餐", "Drinks set"),
    ),
    "flowers": (
        Starter("花束", "Bouquet"),
        Starter("开业花篮", "Opening basket"),
        Starter("绿植", "Pot plant"),
    ),
    "courses": (
        Starter("体验课", "Trial lesson", 45),
        Starter("单节课", "Lesson", 60),
        Starter("课程包", "Ten lessons"),
    ),
}


def usual_hours(category: Category) -> list[str]:
    """The category's own hours first, then those of many shops; no text twice."""
    own = HOURS.get(category.slug) or HOURS.get(category.parent.slug if category.parent else "", ())
    return list(dict.fromkeys([*own, *USUAL_HOURS]))


def starter_services(category: Category) -> list[Starter]:
    return list(SERVICES.get(category.slug, ()))
