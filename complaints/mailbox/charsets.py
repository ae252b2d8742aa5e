"""Bytes into letters, whatever they say they are."""

import codecs

#: Python codecs that are no alphabets of mail: costly on long input, or able to make anything of it.
_NOT_FOR_MAIL = ("punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7")
#: Chinese programs say the older name and write the newer letters.
_NEWER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "ascii": "utf-8"}
_LIKELY = ("utf-8", "gb18030")


def as_text(content: bytes, charset: str) -> str:
    """In the encoding that is named, if there is one; else in the one that fits."""
    for name in (charset, *_LIKELY):
        known = _known(name)
        try:
            if known:
                return content.decode(known)
        except (UnicodeError, ValueError):
            continue
    return content.decode(_known(charset) or "utf-8", "replace")


def _known(charset: str) -> str:
    """Python's name for it; empty for what it can't or shouldn't read."""
    try:
        found = codecs.lookup(charset.strip().strip("\"'"))
        b"a".decode(found.name, "replace")  # not every codec makes text
    except (LookupError, ValueError, UnicodeError, TypeError):
        return ""
    name = found.name
    return "" if name in _NOT_FOR_MAIL else _NEWER.get(name, name)
