"""The worker and the clock: Celery, and what runs when."""

from celery.schedules import crontab

from portal.settings.place import env
from portal.settings.stores import REDIS_URL

CELERY_BROKER_URL = env.str(
    "CELERY_BROKER_URL",
    REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host="),
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "max_retries": 0,
}
CELERY_REDIS_SOCKET_TIMEOUT = 1
CELERY_REDIS_SOCKET_CONNECT_TIMEOUT = 1
JOBS_AT_ONCE = env.int("JOBS_AT_ONCE", 1)  # long jobs leave the other workers to short work
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ALWAYS_EAGER = False
CELERY_BEAT_SCHEDULE = {
    "deliver events": {
        "task": "portal.kernel.tasks.deliver_events",
        "schedule": 5.0,
        "options": {"expires": 5, "queue": "urgent"},
    },
    "send messages": {
        "task": "messaging.tasks.send_due",
        "schedule": 5.0,
        "options": {"expires": 5, "queue": "urgent"},
    },
    "tell wallets": {
        "task": "loyalty.wallet_tasks.tell_wallets",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "release campaigns": {
        "task": "crm.tasks.release_campaigns",
        "schedule": 5.0,
        "options": {"expires": 5, "queue": "urgent"},
    },
    "run jobs": {
        "task": "portal.kernel.tasks.run_jobs",
        "schedule": 10.0,
        "options": {"expires": 10, "queue": "bulk"},
    },
    "tell of ending coupons": {
        "task": "coupons.tasks.tell_of_ending_coupons",
        "schedule": crontab(hour=2, minute=5),  # 10:05 in China
        "options": {"queue": "bulk"},
    },
    "forget who was counted": {
        "task": "coupons.tasks.forget_who_was_counted",
        "schedule": crontab(hour=13, minute=40),
    },
    "let go of coupons": {"task": "coupons.tasks.let_go", "schedule": crontab(minute="*/15")},
    "expire points": {
        "task": "loyalty.tasks.expire_points",
        "schedule": crontab(hour=16, minute=10),  # 00:10 in China
    },
    "tell of points that can be used": {
        "task": "loyalty.tasks.notice_usable_points",
        "schedule": crontab(minute=25),  # each once; a missed hour is made up by the next
        "options": {"expires": 3600, "queue": "bulk"},
    },
    "refund cards of closed shops": {
        "task": "loyalty.money_tasks.refund_closed_shops",
        "schedule": crontab(hour=16, minute=30),  # 00:30 in China
        "options": {"queue": "bulk"},
    },
    "tell of unusual awards": {
        "task": "crm.tasks.tell_of_unusual_awards",
        "schedule": crontab(hour=23, minute=40),  # 07:40 in China
        "options": {"expires": 6 * 3600, "queue": "bulk"},
    },
    "greet birthdays": {
        "task": "crm.tasks.greet_birthdays",
        "schedule": crontab(minute=20),  # each person once; a missed hour is made up by the next
        "options": {"expires": 3600, "queue": "bulk"},
    },
    "remind of deadlines of complaints": {
        "task": "complaints.tasks.remind",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "fetch mail of complaints": {
        "task": "complaints.tasks.fetch_mail",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "forget mail of complaints": {
        "task": "complaints.tasks.forget_mail",
        "schedule": crontab(hour=19, minute=55),
    },
    "keep promises of complaints": {
        "task": "complaints.tasks.keep_promises",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "check effects of preventive actions": {
        "task": "complaints.tasks.check_effects",
        "schedule": crontab(hour=1, minute=40),  # 9:40 in China
        "options": {"expires": 6 * 3600},
    },
    "know public holidays": {
        "task": "complaints.tasks.know_holidays",
        "schedule": crontab(hour=19, minute=5),
    },
    "close solved complaints": {
        "task": "complaints.tasks.settle",
        "schedule": crontab(hour=2, minute=15),  # 10:15 in China
        "options": {"expires": 6 * 3600},
    },
    "ask how complaints were handled": {
        "task": "complaints.tasks.ask_how_it_was",
        "schedule": crontab(hour=2, minute=45),  # 10:45 in China
        "options": {"expires": 6 * 3600},
    },
    "forget positions": {
        "task": "consumers.tasks.forget_positions",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "count segments": {
        "task": "crm.tasks.count_segments",
        "schedule": crontab(hour=18, minute=50),  # 02:50 in China
        "options": {"queue": "bulk"},
    },
    "forget imports": {"task": "loyalty.jobs.forget_imports", "schedule": crontab(hour=19, minute=35)},
    "lapse payments": {
        "task": "orders.tasks.lapse",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "forget card codes": {"task": "loyalty.pin_tasks.tidy", "schedule": crontab(hour=19, minute=35)},
    "sweep levels": {
        "task": "loyalty.level_tasks.sweep",
        "schedule": crontab(minute=35),  # each membership once a day; a missed hour is made up by the next
        "options": {"expires": 3600, "queue": "bulk"},
    },
    "tell moves of levels": {
        "task": "loyalty.level_tasks.tell_level_moves",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "forget wrong codes": {"task": "orders.tasks.tidy", "schedule": crontab(hour=19, minute=40)},
    "ask how it was": {
        "task": "consumers.tasks.ask_for_reviews",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 600, "queue": "bulk"},
    },
    "work out usual areas": {
        "task": "consumers.tasks.work_out_areas",
        "schedule": crontab(hour=18, minute=20),  # 02:20 in China
        "options": {"expires": 6 * 3600, "queue": "bulk"},
    },
    "see how soon shops answer": {
        "task": "consumers.tasks.reckon_promptness",
        "schedule": crontab(hour=18, minute=50),
        "options": {"expires": 6 * 3600, "queue": "bulk"},
    },
    "turn shop hours": {
        "task": "merchants.tasks.turn_hours",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "recount words": {"task": "merchants.tasks.recount_words", "schedule": crontab(hour=19, minute=50)},
    "forget evidence": {"task": "merchants.tasks.forget_evidence", "schedule": crontab(hour=19, minute=45)},
    "find duplicate listings": {
        "task": "merchants.tasks.find_duplicates",
        "schedule": crontab(hour=18, minute=20),  # 02:20 in China
        "options": {"queue": "bulk"},
    },
    "count map": {
        "task": "merchants.tasks.count_map",
        "schedule": crontab(minute=25),
        "options": {"queue": "bulk"},
    },
    "grade prices": {"task": "merchants.tasks.grade_prices", "schedule": crontab(hour=19, minute=55)},
    "tidy": {
        "task": "portal.kernel.tasks.tidy",
        "schedule": crontab(hour=19, minute=30),
    },  # 03:30 in China
}
