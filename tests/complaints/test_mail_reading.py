"""Reading a mail: sender, text, what is new, files; whatever the bytes."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaints.mailbox.charsets import as_text
from complaints.mailbox.headers import decoded
from complaints.mailbox.parts import enclosures
from complaints.mailbox.reading import Letter, Unreadable, read_letter
from complaints.mailbox.text import new_words
from complaints.mailbox.threads import named_in, numbers_in, thread_of
from complaints.numbers import in_groups, new_number
from tests.complaints.mails import make_raw

BOUNDED = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
#: Bytes that a mail is made of, so that chance finds its way into the parser.
PIECES = st.sampled_from(
    [
        b"\r\n",
        b"\n",
        b"\r\n\r\n",
        b"From: a@example.com\r\n",
        b"From: =?utf-8?b?5byg?= <a@example.com>\r\n",
        b"Subject: =?gb2312?q?=D0=C5?=\r\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n",
        b'Content-Type: text/html; charset="gbk"\r\n',
        b"Content-Type: message/rfc822\r\n",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: quoted-printable\r\n",
        b"Content-Disposition: attachment; filename*=utf-9''%ff%fe\r\n",
        b"--b\r\n",
        b"--b--\r\n",
        b"<p>a<br>b</p>",
        b"> quoted\r\n",
        b"\x00\xff\xfe",
        "发件人：a\n日期：b\n".encode(),
    ]
)
MAILS = st.one_of(
    st.binary(max_size=400), st.lists(st.one_of(PIECES, st.binary(max_size=12)), max_size=40).map(b"".join)
)


def read(raw: bytes) -> Letter:
    return read_letter(raw)


@BOUNDED
@given(MAILS)
def test_any_bytes_are_read_or_said_to_be_unreadable(raw):
    try:
        letter = read_letter(raw)
    except Unreadable:
        return
    for text in (letter.subject, letter.text, letter.name, letter.sender):
        text.encode()  # storable: no lone halves of characters
        assert "\x00" not in text
    assert len(letter.digest) == 32
    assert all(one.content for one in enclosures(letter.message))
    again = new_words(letter.text)
    assert bool(again) == bool(letter.text) and len(again) <= len(letter.text)


@BOUNDED
@given(st.text(max_size=300))
def test_what_somebody_writes_above_a_quote_is_kept(words):
    written = "\n".join(line for line in words.splitlines() if not line.startswith((">", "＞", "-", "_")))
    letter = read(
        make_raw(text=f"x{written}x\n\n> old\n> older\n> oldest\n".encode("utf-8", "replace").decode())
    )
    assert new_words(letter.text).startswith("x")


@BOUNDED
@given(
    st.binary(max_size=60),
    st.one_of(st.text(max_size=20), st.sampled_from(["gbk", "utf-16", "idna", "zlib", "x"])),
)
def test_any_bytes_under_any_charset_become_letters(content, charset):
    assert isinstance(as_text(content, charset), str)


@pytest.mark.parametrize(
    ("written", "address", "name"),
    [
        ("zhang@example.com", "zhang@example.com", ""),
        ("Zhang San <Zhang@Example.com>", "zhang@example.com", "Zhang San"),
        ('"Zhang, San" <zhang@example.com>', "zhang@example.com", "Zhang, San"),
        ("=?gb2312?B?1cU=?= <zhang@example.com>", "zhang@example.com", "张"),
        ("zhang@example.com (Zhang)", "zhang@example.com", "Zhang"),
        ('"victim@example.org" <thief@example.com>', "thief@example.com", "victim@example.org"),
        (
            "=?utf-8?q?=3Cvictim=40example=2Eorg=3E?= <thief@example.com>",
            "thief@example.com",
            "<victim@example.org>",
        ),
        ("victim@example.org <thief@example.com>", "", ""),
        ("a@example.com, b@example.com", "", ""),
        ("<a@example.com> <b@example.com>", "", ""),
        ("undisclosed", "", ""),
        ("<not an address>", "", ""),
        ("", "", ""),
    ],
)
def test_the_sender_is_one_address_or_nobody(written, address, name):
    letter = read(b"From: " + written.encode() + b"\r\nSubject: x\r\n\r\ny")
    assert (letter.sender, letter.name) == (address, name)


def test_two_from_headers_are_nobody():
    assert read(b"From: a@example.com\r\nFrom: b@example.com\r\n\r\ny").sender == ""


US = "Street Corner <help@corner.example>"
QUOTES = {
    "gmail": f"On Sun, Nov 22, 2026 at 2:02 PM {US} wrote:\n\n> Number 1\n> more\n> end\n",
    "gmail, in two lines": f"On Sun, Nov 22, 2026 at 2:02 PM\n{US} wrote:\n\n> Number 1\n",
    "gmail in Chinese": f"{US} 于2026年11月22日周日 14:02写道：\n\n> 编号 1\n",
    "apple in Chinese": f"在 2026年11月22日，14:02，{US} 写道：\n\n> 编号 1\n",
    "qq": f"------------------ 原始邮件 ------------------\n发件人: {US};\n\n编号 1\n",
    "netease": f"At 2026-11-22 14:02:00, {US} wrote:\n>编号 1\n",
    "netease in Chinese": f"在 2026-11-22 14:02:00，{US} 写道：\n>编号 1\n",
    "outlook in Chinese": f"发件人: {US}\n发送时间: 2026年11月22日 14:02\n收件人: 张\n主题: 编号\n\n编号 1\n",
    "foxmail": f"发件人：{US}\n发送时间：2026-11-22 14:02\n收件人：张\n主题：编号\n编号 1\n",
    "outlook": f"-----Original Message-----\nFrom: {US}\nSent: Sunday\nTo: Zhang\nSubject: Nr\n\nNumber\n",
    "plain quotes": "> 编号 1\n> 更多\n",
}


@pytest.mark.parametrize("program", QUOTES)
@pytest.mark.parametrize(
    "words", ["还没有退款。\n\n谢谢，请尽快。", "Not yet refunded.\n\nOn Monday he wrote:\nsoon."]
)
def test_what_an_answer_quotes_falls_away(program, words):
    letter = read(make_raw(text=f"{words}\n\n{QUOTES[program]}"))
    assert new_words(letter.text) == words


@pytest.mark.parametrize(
    "signature", ["-- \nZhang", "发自我的 iPhone", "Sent from my iPhone", "发自我的小米手机"]
)
def test_a_signature_falls_away(signature):
    assert new_words(read(make_raw(text=f"还没有\n\n{signature}\n")).text) == "还没有"


def test_answers_between_the_lines_stay_with_the_lines_they_answer():
    text = "> 什么时候？\n昨天下午\n> 哪一家？\n人民路店"
    assert new_words(text) == text


def test_a_mail_that_is_only_a_quote_stays_whole():
    assert new_words("> 编号 1\n> 更多") == "> 编号 1\n> 更多"


def test_mail_in_html_alone_is_read_as_text():
    html = "<html><style>p{}</style><script>alert(1)</script><p>头皮<b>烫伤</b></p><div>请退款<br>谢谢</div>"
    raw = b"From: a@example.com\r\nContent-Type: text/html; charset=gb2312\r\n\r\n" + html.encode("gbk")
    assert read(raw).text == "头皮 烫伤\n\n请退款\n谢谢"


@pytest.mark.parametrize("charset", ["gb2312", "gbk", "gb18030", "big5", "utf-8", "utf-16"])
def test_chinese_is_read_in_each_of_its_charsets(charset):
    words = "頭髮" if charset == "big5" else "头发㐀" if charset == "gb18030" else "头发"
    raw = f"From: a@example.com\r\nContent-Type: text/plain; charset={charset}\r\n\r\n".encode()
    assert read(raw + words.encode(charset)).text == words


def test_bytes_without_a_charset_are_read_in_the_one_that_fits():
    for charset in ("utf-8", "gbk"):
        raw = "Subject: 头发\r\nFrom: a@example.com\r\n\r\n烫伤了".encode(charset)
        assert (read(raw).subject, read(raw).text) == ("头发", "烫伤了")


def test_the_same_mail_has_the_same_digest_whatever_servers_add():
    raw = make_raw(Message_ID="<a@example.com>", Date="Mon, 23 Nov 2026 10:00:00 +0800")
    added = b"Return-Path: <x@example.com>\r\nReceived: from a by b\r\n"
    assert read(added + raw).digest == read(raw).digest
    assert read(raw.replace(b"example.com>", b"example.net>")).digest != read(raw).digest


def test_names_of_files_are_only_names():
    raw = make_raw(files=(("../../etc/发票\u202egpj.exe", b"MZ", "application/octet-stream"),))
    (one,) = enclosures(read(raw).message)
    assert "/" not in one.name and "\u202e" not in one.name and "发票" in one.name


def test_the_name_of_a_thread_comes_back_signed_or_not_at_all(settings):
    token = "0123456789ABCDEFGHJK"
    name = thread_of(f"/me/complaints/{token}/", {}).name
    assert named_in(f"<a.{name}@x> <b.{name.upper()}@y>") == (token,)
    assert named_in(name[:-1] + ("0" if name[-1] != "0" else "1")) == ()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, forty characters long, of this test"
    assert named_in(name) == (token,)


def test_a_number_is_found_in_a_subject_however_it_is_written():
    number = new_number()
    wrong = f"{int(number) + 1:010d}"
    for written in (number, in_groups(number), in_groups(number).replace(" ", "-")):
        assert numbers_in(f"Re: 投诉 [{written}] 还没好") == [number]
    assert numbers_in(f"{wrong} 13800138000 {number}9") == []


@pytest.mark.parametrize(
    "text",
    ["> " * 50_000, "发件人：a\n" * 20_000, "On " * 30_000 + "wrote:", "2026年1月1日" * 9_000, "-" * 90_000],
    ids=["quotes", "headings", "beginnings", "days", "lines"],
)
def test_long_hostile_text_is_read_to_its_end(text):
    """A pattern that walks back and forth over it would not come back in the suite's time."""
    assert new_words(text)
    assert decoded("=?utf-8?q?a?= " * 1_400).strip() == "a" * 1_400


@pytest.mark.parametrize("levels", [90, 3000])
def test_parts_within_parts_without_end_are_read_or_said_to_be_unreadable(levels):
    one = "Content-Type: multipart/mixed; boundary=b{0}\r\n\r\n--b{0}\r\n"
    raw = b"From: a@example.com\r\n" + "".join(one.format(level) for level in range(levels)).encode()
    if levels < 100:
        assert read(raw).sender == "a@example.com"
    else:
        with pytest.raises(Unreadable):
            read(raw)
