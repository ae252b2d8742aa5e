"""The demo town's merchants: trades, names, services, hours. Every name is made up."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Trade:
    """What shops of one kind have in common. Prices in yuan; ``visits``: how many a day."""

    category: str
    cover: str
    names: tuple[tuple[str, str], ...]
    services: tuple[tuple[str, str, int], ...]
    hours: tuple[str, ...]
    visits: float
    face: str


TRADES = (
    Trade(
        "milk-tea",
        "tea",
        (
            ("青柚茶铺", "Green Pomelo Tea"),
            ("二十四番", "Twenty-four Breezes"),
            ("山前茶", "Foothill Tea"),
            ("一杯云", "A Cup of Cloud"),
            ("阿沐奶茶", "Amu Milk Tea"),
        ),
        (
            ("珍珠奶茶", "Pearl milk tea", 14),
            ("青柚绿茶", "Pomelo green tea", 16),
            ("杨枝甘露", "Mango pomelo sago", 19),
            ("手打柠檬茶", "Hand-pounded lemon tea", 15),
        ),
        ("Mo-Su 10:00-22:00", "Mo-Su 10:30-23:00"),
        6,
        "tea",
    ),
    Trade(
        "cafe",
        "cafe",
        (
            ("转角咖啡", "Round the Corner Coffee"),
            ("半日闲", "Half a Day Off"),
            ("豆知味", "Bean Sense"),
            ("白墙咖啡", "White Wall Coffee"),
        ),
        (
            ("美式", "Americano", 18),
            ("拿铁", "Latte", 24),
            ("手冲", "Pour-over", 32),
            ("巴斯克", "Basque cheesecake", 28),
        ),
        ("Mo-Fr 07:30-20:00; Sa,Su 09:00-21:00", "Mo-Su 08:00-19:00"),
        5,
        "slate",
    ),
    Trade(
        "restaurant",
        "restaurant",
        (
            ("巷口小馆", "Lane End Kitchen"),
            ("老陆面馆", "Old Lu's Noodles"),
            ("稻香里", "Rice Fragrance"),
            ("灶下", "By the Stove"),
            ("锦食记", "Brocade Kitchen"),
            ("阿婆馄饨", "Granny's Wontons"),
        ),
        (
            ("招牌红烧肉", "Braised pork", 58),
            ("葱油拌面", "Scallion oil noodles", 18),
            ("清炒时蔬", "Stir-fried greens", 22),
            ("小笼包", "Soup dumplings", 20),
        ),
        ("Mo-Su 11:00-14:00,17:00-21:30", "Mo-Sa 06:30-20:00", "Mo-Su 17:00-02:00"),
        6,
        "persimmon",
    ),
    Trade(
        "bakery",
        "bakery",
        (("麦田里", "In the Wheat"), ("晨香面包", "Morning Crumb"), ("可颂街", "Croissant Street")),
        (
            ("可颂", "Croissant", 12),
            ("吐司", "Toast loaf", 18),
            ("肉松小贝", "Pork floss bun", 9),
            ("生日蛋糕", "Birthday cake", 168),
        ),
        ("Mo-Su 07:00-21:00",),
        5,
        "gold",
    ),
    Trade(
        "hair",
        "hair",
        (
            ("青禾理发", "Qinghe Hair"),
            ("一剪", "One Cut"),
            ("发生", "Hair Happens"),
            ("木梳", "Wooden Comb"),
            ("老弄堂理发店", "Old Lane Barber"),
        ),
        (
            ("洗剪吹", "Wash, cut and blow-dry", 58),
            ("单剪", "Cut only", 38),
            ("染发", "Colour", 268),
            ("烫发", "Perm", 398),
        ),
        ("Tu-Su 10:00-21:30", "Mo-Su 09:30-20:30"),
        4,
        "ink",
    ),
    Trade(
        "beauty",
        "beauty",
        (("素颜集", "Bare Face"), ("小满美容", "Grain Full Beauty"), ("指尖", "Fingertips")),
        (
            ("基础护理", "Basic facial", 128),
            ("补水护理", "Hydrating facial", 198),
            ("美甲", "Manicure", 98),
            ("眉形设计", "Eyebrow shaping", 68),
        ),
        ("Mo-Su 10:00-21:00",),
        3,
        "rose",
    ),
    Trade(
        "laundry",
        "laundry",
        (
            ("净衣坊", "Clean Clothes Works"),
            ("晾衣绳", "Clothesline"),
            ("泡泡洗衣", "Bubble Laundry"),
            ("白衬衫", "White Shirt"),
        ),
        (
            ("衬衫", "Shirt", 15),
            ("西装一套", "Suit", 45),
            ("羽绒服", "Down jacket", 58),
            ("洗鞋", "Shoe cleaning", 25),
        ),
        ("Mo-Su 08:30-21:00", "Mo-Sa 08:00-20:00"),
        4,
        "sky",
    ),
    Trade(
        "car-wash",
        "carwash",
        (("水花洗车", "Splash Car Wash"), ("亮洁车坊", "Bright Auto"), ("蓝桶", "Blue Bucket")),
        (
            ("标准洗车", "Standard wash", 38),
            ("精洗", "Deep clean", 98),
            ("打蜡", "Wax", 168),
            ("内饰清洁", "Interior cleaning", 128),
        ),
        ("Mo-Su 08:00-20:00",),
        4,
        "sky",
    ),
    Trade(
        "gym",
        "gym",
        (("一平方健身", "One Square Gym"), ("呼吸瑜伽", "Breath Yoga"), ("跃动", "Leap Fitness")),
        (("单次入场", "Day pass", 39), ("团课", "Group class", 69), ("私教", "Personal training", 260)),
        ("Mo-Fr 07:00-22:30; Sa,Su 09:00-21:00",),
        4,
        "moss",
    ),
    Trade(
        "repair",
        "repair",
        (("阿祥修理", "Ah Xiang Repairs"), ("螺丝刀", "Screwdriver"), ("修得好", "Well Mended")),
        (
            ("配钥匙", "Key cutting", 15),
            ("手机换屏", "Phone screen", 220),
            ("修鞋", "Shoe repair", 30),
            ("换拉链", "New zip", 25),
        ),
        ("Mo-Sa 09:00-19:00",),
        3,
        "slate",
    ),
    Trade(
        "pet-shop",
        "pet",
        (("毛球之家", "Furball House"), ("四只脚", "Four Paws"), ("汪喵社", "Woof and Purr")),
        (
            ("小型犬洗护", "Small dog grooming", 88),
            ("猫咪洗护", "Cat grooming", 128),
            ("寄养一天", "Boarding, one day", 80),
        ),
        ("Mo-Su 10:00-20:00",),
        3,
        "mint",
    ),
    Trade(
        "fresh-food",
        "fresh-food",
        (
            ("巷尾鲜果", "Lane Fruit"),
            ("菜篮子", "Vegetable Basket"),
            ("邻家便利", "Neighbour Mart"),
            ("鲜得来", "Fresh In"),
        ),
        (
            ("当季水果拼盘", "Seasonal fruit plate", 29),
            ("鲜榨果汁", "Fresh juice", 16),
            ("蔬菜套装", "Vegetable box", 35),
        ),
        ("Mo-Su 07:00-22:00", "24/7"),
        6,
        "jade",
    ),
    Trade(
        "optician",
        "optician",
        (("看得清眼镜", "Clear View Optician"), ("远山眼镜", "Far Hills Optics")),
        (("验光", "Eye test", 30), ("单光镜片", "Single-vision lenses", 260), ("镜框", "Frame", 320)),
        ("Mo-Su 09:30-20:30",),
        2,
        "plum",
    ),
    Trade(
        "massage",
        "beauty",
        (("松间推拿", "Among Pines Massage"), ("歇脚", "Rest Your Feet")),
        (
            ("足疗 60 分钟", "Foot massage, 60 min", 128),
            ("肩颈推拿", "Neck and shoulders", 98),
            ("全身推拿", "Full body", 198),
        ),
        ("Mo-Su 11:00-01:00",),
        3,
        "plum",
    ),
)

STREETS = (
    ("永康路", "Yongkang Road"),
    ("复兴中路", "Middle Fuxing Road"),
    ("进贤路", "Jinxian Road"),
    ("长乐路", "Changle Road"),
    ("南昌路", "Nanchang Road"),
    ("茂名南路", "South Maoming Road"),
    ("瑞金二路", "Second Ruijin Road"),
    ("嘉善路", "Jiashan Road"),
    ("建国西路", "West Jianguo Road"),
    ("襄阳南路", "South Xiangyang Road"),
)
CENTRE = (31.2120, 121.4570)  # latitude, longitude: where the demo town's visitors stand
