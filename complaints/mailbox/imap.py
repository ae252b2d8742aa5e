"""The mailbox on its server: what lies there, one mail as it came, and putting it away."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError

from complaints.mailbox.place import port

TIMEOUT = SocketTimeout(connect=10, read=60)  # seconds; 60 for a server that searches a full mailbox
AT_ONCE = 200  # mails looked at in one go; the next minute takes the rest

#: Whatever can go wrong with a server: it says no, it isn't there, it breaks off, its certificate is wrong.
Trouble = (IMAPClientError, OSError)


class Box:
    """The open folder. ``validity`` with a mail's uid names it for good, until the server says otherwise."""

    def __init__(self, client: IMAPClient, validity: int) -> None:
        self.client, self.validity = client, validity

    def waiting(self) -> list[tuple[int, int]]:
        """Uid and bytes of what lies in the folder, oldest first."""
        uids = sorted(self.client.search(["UNDELETED"]))[:AT_ONCE]
        sizes = self.client.fetch(uids, ["RFC822.SIZE"]) if uids else {}
        return [(uid, int(sizes[uid][b"RFC822.SIZE"])) for uid in uids if uid in sizes]

    def raw(self, uid: int, *, head_only: bool = False) -> bytes | None:
        """The mail as it came, without marking it as read; None when somebody has taken it away."""
        part = "HEADER" if head_only else ""
        found = self.client.fetch([uid], [f"BODY.PEEK[{part}]"]).get(uid)
        return None if found is None else found[f"BODY[{part}]".encode()] or b""

    def put_away(self, uid: int) -> None:
        """Into the folder of what is done. Doing it twice is doing it once."""
        if self.client.has_capability("MOVE"):
            self.client.move([uid], settings.MAILBOX_DONE_FOLDER)
            return
        self.client.copy([uid], settings.MAILBOX_DONE_FOLDER)
        self.client.delete_messages([uid])
        self.client.expunge([uid] if self.client.has_capability("UIDPLUS") else None)


@contextmanager
def opened() -> Iterator[Box]:
    """Raises one of ``Trouble``."""
    tls = settings.MAILBOX_TLS
    with IMAPClient(settings.MAILBOX_HOST, port=port(), ssl=tls == "tls", timeout=TIMEOUT) as client:
        if tls == "starttls":
            client.starttls()  # certificates are verified, as from the first byte
        client.login(settings.MAILBOX_USER, settings.MAILBOX_PASSWORD)
        if not client.folder_exists(settings.MAILBOX_DONE_FOLDER):
            client.create_folder(settings.MAILBOX_DONE_FOLDER)
        yield Box(client, int(client.select_folder(settings.MAILBOX_FOLDER)[b"UIDVALIDITY"]))
