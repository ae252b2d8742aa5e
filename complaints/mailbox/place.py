"""Where the mailbox is, and whether what was said about it is whole."""

from email.utils import parseaddr

from django.conf import settings

PORTS = {"tls": 993, "starttls": 143, "none": 143}
AT_HOME = ("localhost", "127.0.0.1", "::1")


def is_set_up() -> bool:
    return bool(settings.MAILBOX_HOST and settings.MAILBOX_USER and settings.MAILBOX_PASSWORD)


def answers_go_to() -> str:
    """The address that our mails about complaints are answered to; empty without a mailbox."""
    return str(settings.MAILBOX_ADDRESS) if is_set_up() else ""


def port() -> int:
    return int(settings.MAILBOX_PORT or PORTS[settings.MAILBOX_TLS])


def our_addresses() -> set[str]:
    """What we write from and are written to: mail from there is our own."""
    ours = (settings.MAILBOX_ADDRESS, settings.MAILBOX_USER, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    return {address.casefold() for address in ours if "@" in address}


def faults() -> list[str]:
    """What is missing or unsafe; nothing when no mailbox is wanted."""
    said = {
        "MAILBOX_HOST": settings.MAILBOX_HOST,
        "MAILBOX_USER": settings.MAILBOX_USER,
        "MAILBOX_PASSWORD": settings.MAILBOX_PASSWORD,
    }
    if not any(said.values()):
        return []
    found = [f"{name} is missing: a mailbox needs host, user and password" for name in said if not said[name]]
    if "@" not in settings.MAILBOX_ADDRESS:
        found.append("MAILBOX_ADDRESS is missing: people need an address to write and to answer to")
    if settings.MAILBOX_TLS not in PORTS:
        found.append("MAILBOX_TLS takes tls, starttls or none")
    elif settings.PRODUCTION and settings.MAILBOX_TLS == "none" and settings.MAILBOX_HOST not in AT_HOME:
        found.append("MAILBOX_TLS=none would send the mailbox's password in the clear")
    if settings.MAILBOX_FOLDER == settings.MAILBOX_DONE_FOLDER:
        found.append("MAILBOX_DONE_FOLDER must be another folder than MAILBOX_FOLDER")
    return found
