"""Telling people things, and what they want to be told."""

from messaging.actions.addresses import mark_dead
from messaging.actions.browsers import forget_browser, subscribe_browser
from messaging.actions.choosing import choose, hear_again, mute, set_quiet_hours
from messaging.actions.mailings import mail_out, stop_mailing
from messaging.actions.telling import mark_read, tell, tell_many, try_again

__all__ = [
    "choose",
    "forget_browser",
    "hear_again",
    "mail_out",
    "mark_dead",
    "mark_read",
    "mute",
    "set_quiet_hours",
    "stop_mailing",
    "subscribe_browser",
    "tell",
    "tell_many",
    "try_again",
]
