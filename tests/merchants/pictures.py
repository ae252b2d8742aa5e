"""Files that people and attackers upload, made in memory."""

import io
import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.PngImagePlugin import PngInfo

CANARY = b"canary-7f3a"
LATITUDE = (31, 13, 49.44)


def upload(content: bytes, name: str = "photo.jpg", kind: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def picture(
    size: tuple[int, int] = (640, 480),
    *,
    form: str = "JPEG",
    colour: str = "#3a6",
    mode: str = "RGB",
    **save: object,
) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, form, **save)
    return out.getvalue()


def with_position(*, turned: int = 6) -> bytes:
    """A phone's JPEG: GPS, maker's note, comment, XMP and an orientation that says "turned"."""
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = CANARY.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: LATITUDE, 3: "E", 4: (121, 28, 25.3), 29: CANARY.decode()})
    exif.get_ifd(0x8769)[0x927C] = CANARY
    return picture((400, 200), exif=exif.tobytes(), comment=CANARY, xmp=b"<x>" + CANARY + b"</x>")


def png_with_text() -> bytes:
    info = PngInfo()
    info.add_text("Comment", CANARY.decode())
    info.add_itxt("GPS", "31.2304,121.4737")
    return picture(form="PNG", pnginfo=info)


def moving() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (80, 60), colour) for colour in ("red", "green", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    return out.getvalue()


def film(frames: int, form: str = "WEBP") -> bytes:
    """So many tiny frames, each the same file written once and repeated."""
    if form == "GIF":
        head, comma, body = picture((16, 16), form="GIF", mode="P", colour=None)[:-1].partition(b",")
        return head + (comma + body) * frames + b";"
    still = picture((16, 16), form="WEBP")[12:]
    frame = bytes(6) + b"\x0f\0\0\x0f\0\0\x01\0\0\0" + still
    chunks = [(b"VP8X", b"\x02\0\0\0\x0f\0\0\x0f\0\0"), (b"ANIM", bytes(6))] + [(b"ANMF", frame)] * frames
    body = b"WEBP" + b"".join(name + struct.pack("<I", len(data)) + data for name, data in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def promises(width: int, height: int) -> bytes:
    """An extended WebP that says how large it is and holds nothing."""
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + sides
    return b"RIFF" + struct.pack("<I", len(body)) + body


def scans(number: int) -> bytes:
    """A progressive JPEG whose last scan is repeated: each one walks over every pixel again."""
    source = picture((640, 480), progressive=True)
    last = source.rindex(b"\xff\xda")
    return source[:last] + source[last:-2] * number + source[-2:]


def bomb(width: int, height: int) -> bytes:
    """A small PNG whose header promises a huge picture, all black."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1 << 20))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
GIF = picture(form="GIF", mode="P", colour=None)
