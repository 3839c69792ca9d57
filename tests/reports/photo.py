"""A small photo as a telephone makes it: a JPEG with what the camera wrote about it."""

from base64 import b64decode
from zlib import compress, crc32

PIXELS = b64decode(  # 16 × 12, from red to blue
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERX"
    "RTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2Nj"
    "Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAAMABADASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAA"
    "AAQG/8QAGRAAAQUAAAAAAAAAAAAAAAAAAAESE1Fh/8QAFAEBAAAAAAAAAAAAAAAAAAAABf/EABYRAAMAAAAAAAAA"
    "AAAAAAAAAAADFf/aAAwDAQACEQMRAD8Az02ibSB62HrY7HWI1WH/2Q=="
)
PLACE = b"GPS 7.0512 S 113.5531 E"
EXIF = b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0" + PLACE
JPEG = PIXELS[:2] + b"\xff\xe1" + (len(EXIF) + 2).to_bytes(2, "big") + EXIF + PIXELS[2:]


def _chunk(name: bytes, content: bytes) -> bytes:
    checked = name + content
    return len(content).to_bytes(4, "big") + checked + crc32(checked).to_bytes(4, "big")


# Another picture: 2 × 2, green.
PNG = b"\x89PNG\r\n\x1a\n" + b"".join(
    (
        _chunk(b"IHDR", bytes((0, 0, 0, 2, 0, 0, 0, 2, 8, 2, 0, 0, 0))),
        _chunk(b"IDAT", compress(2 * (b"\0" + 2 * b"\0\x80\0"))),
        _chunk(b"IEND", b""),
    )
)
