"""What a mail says in plain text, and which of it is new: without what it quotes and the signature."""

import re
from collections.abc import Callable
from email.message import Message
from functools import cache
from typing import Any

from django.utils.module_loading import import_string

from complaints.mailbox.charsets import as_text
from complaints.mailbox.parts import is_body, leaves
from portal.kernel.forms import clean_text

LONGEST_BODY = 500_000  # characters that are read of each text; what is longer nobody wrote
LONGEST_TRIMMED = 60_000  # characters in which quotes are looked for

#: Where Chinese mail programs begin what they quote (Apple Mail, Outlook, QQ, NetEase, Gmail).
_CHINESE_QUOTE = re.compile(
    r"^[>＞ ]*(?:"
    r"-{2,20} ?(?:原始邮件|原始郵件|转发邮件|转发的邮件) ?-{2,20}"
    r"|(?:在|于)? ?\d{4}[-年/.]\d{1,2}[-月/.]\d{1,2}.{0,200}(?:写道|写到|寫道) ?[:：]"
    r"|.{1,100}(?:于|在) ?\d{4}[-年/.]\d{1,2}[-月/.]\d{1,2}.{0,80}(?:写道|寫道) ?[:：]"
    r"|(?:发件人|寄件者|寄件人) ?[:：][^\n]{0,300}\n(?:[^\n]{0,300}\n){0,2}"
    r"(?:发送时间|日期|收件人|寄件日期|收件者|时间) ?[:：]"
    r")",
    re.MULTILINE,
)
#: RFC 3676, 4.3; what phones put below; nothing that people could mean.
_SIGNATURE = re.compile(
    r"^(?:-- ?$|(?:发自|發自)我的.{0,30}$|从我的.{1,20}发送$"
    r"|Sent from my [\w ]{1,30}\.?$|Get Outlook for [\w ]{1,20}$)",
    re.MULTILINE,
)
#: The line above a quote, by somebody at some time; without a time it is what the person says.
_INTRODUCES = re.compile(
    r"^(?:(?:On|At) (?=.*\d).{1,200} wrote:|-{2,20} ?Original Message ?-{2,20}|_{20,60})$"
)
_TELLS, _TOLD_AT_MOST = re.compile(r"^On \D{1,200} wrote:$"), 50
_BLANKS = re.compile(r"\n{3,}")


def plain_from(message: Message) -> str:
    """The text; what was written in HTML alone is made plain. Files are no part of it."""
    bodies: dict[str, list[str]] = {"plain": [], "html": []}
    for part in filter(is_body, leaves(message)):
        bodies[part.get_content_subtype()].append(_content(part))
    said = "\n\n".join(text for text in bodies["plain"] if text.strip())
    return tidy(said or "\n\n".join(_from_html(html) for html in bodies["html"]))


def tidy(text: str) -> str:
    text = clean_text(text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " "))
    return _BLANKS.sub("\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()


def new_words(text: str) -> str:
    """What somebody added in an answer. When all of it looks quoted, all of it: better too much than lost."""
    head = text[:LONGEST_TRIMMED]
    if found := _CHINESE_QUOTE.search(head):
        head = head[: found.start()]
    if head.strip():
        head = _unquoted(head)
    if found := _SIGNATURE.search(head):
        head = head[: found.start()]
    return tidy(head) or text


def _unquoted(text: str) -> str:
    """Without the quotes at the end; between quoted lines people answer line by line."""
    told: list[str] = []
    lines, rest = _parted(text)
    while lines and rest and len(told) < _TOLD_AT_MOST and _TELLS.match(lines[-1]):
        told += lines  # "On Monday he wrote:" is the person's own sentence, and goes on
        lines, rest = _parted("\n".join(rest))
    lines = _without_quoted_end(told + lines)
    for count in (2, 1):  # "On such a day somebody wrote:" is often broken in two
        if _INTRODUCES.match(" ".join(lines[-count:])):
            lines = lines[:-count]
    return "\n".join(lines)


def _parted(text: str) -> tuple[list[str], list[str]]:
    """The lines before the last quote, and those from there on."""
    pieces: list[tuple[bool, str]] = _quotes()(text)
    while pieces and not pieces[-1][0]:
        pieces = pieces[:-1]
    lines = "\n".join(piece for _is_new, piece in pieces).split("\n")
    return lines, text.split("\n")[len(lines) :]


def _without_quoted_end(lines: list[str]) -> list[str]:
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith((">", "＞"))):
        lines = lines[:-1]
    return lines


def _content(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    return as_text(content, str(part.get_param("charset") or ""))[:LONGEST_BODY]


def _from_html(html: str) -> str:
    """Scripts, styles and mark-up fall away; what the parser can't make sense of is left out."""
    try:
        return str(_plain()(html.encode("utf-8", "replace").decode()))
    except (ValueError, TypeError, AssertionError, RecursionError):
        return ""


# By name: the library of the worker, which a web process seldom needs.
@cache
def _plain() -> Callable[[str], Any]:
    return import_string("html_text.extract_text")


@cache
def _quotes() -> Callable[[str], Any]:
    return import_string("quotequail.quote")
