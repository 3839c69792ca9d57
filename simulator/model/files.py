"""Files that people and bots sent, and the size of an image, read from its content."""

import hashlib
import mimetypes
import re
import struct
import zlib
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Base64Bytes

from simulator.errors import Json

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
MAX_PHOTO_SIDES = 10_000
MAX_PHOTO_RATIO = 20

UploadKind = Literal["photo", "document", "voice"]
FileKind = Literal[UploadKind, "sticker"]
UNKNOWN_MIME = "application/octet-stream"
_MIME = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv",
}
_FOLDERS: dict[FileKind, str] = {
    "photo": "photos",
    "document": "documents",
    "voice": "voice",
    "sticker": "stickers",
}
_NOT_ALPHANUMERIC = re.compile(r"[^A-Za-z0-9]")


def mime_type(name: str, declared: str | None) -> str:
    """The declared MIME type, or the one of the file name extension when none was declared."""
    if declared not in (None, "", UNKNOWN_MIME):
        return declared
    known = _MIME.get(name.rpartition(".")[2].lower())
    return known or mimetypes.guess_type(name)[0] or UNKNOWN_MIME


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was uploaded with a request."""

    name: str
    content: bytes
    mime: str = "application/octet-stream"


@dataclass(slots=True)
class File:
    """A file; `width` and `height` are 0 unless it is an image."""

    id: str
    kind: FileKind
    name: str
    mime: str
    content: Base64Bytes
    path: str
    width: int = 0
    height: int = 0

    @property
    def unique_id(self) -> str:
        """An identifier that is the same for equal content."""
        return "AQAD" + hashlib.sha256(self.content).hexdigest()[:14]

    def reference(self) -> Json:
        """The fields that every kind of file has in the Bot API."""
        return {
            "file_id": self.id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
        }

    def message_content(self) -> Json:
        """The file as a field of a Message."""
        reference = self.reference()
        sides = {"width": self.width, "height": self.height}
        match self.kind:
            case "photo":
                return {"photo": [reference | sides]}
            case "voice":
                return {"voice": reference | {"duration": 1, "mime_type": self.mime}}
            case "sticker":
                kinds = {"type": "regular", "is_animated": False, "is_video": False}
                return {"sticker": reference | sides | kinds | {"emoji": "👍"}}
            case _:
                return {"document": reference | {"file_name": self.name, "mime_type": self.mime}}


@dataclass(slots=True)
class FileStore:
    """All files that were sent."""

    by_id: dict[str, File] = field(default_factory=dict)

    def add(
        self, kind: FileKind, name: str, mime: str, content: bytes, width: int = 0, height: int = 0
    ) -> File:
        """Store a file and assign its identifier and download path."""
        number = len(self.by_id)
        extension = _NOT_ALPHANUMERIC.sub("", name.rpartition(".")[2]) if "." in name else "bin"
        file = File(
            id=f"AgACAgUAAxk{number:012d}{kind}",
            kind=kind,
            name=name,
            mime=mime,
            content=content,
            path=f"{_FOLDERS[kind]}/file_{number}.{extension}",
            width=width,
            height=height,
        )
        self.by_id[file.id] = file
        return file

    def at_path(self, path: str) -> File | None:
        """The file with this download path."""
        return next((file for file in self.by_id.values() if file.path == path), None)


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int


def image_size(content: bytes) -> Size | None:
    """The size of a complete PNG or of a JPEG; None for anything else."""
    if content.startswith(_PNG):
        return _png(content)
    if content.startswith(b"\xff\xd8"):
        return _jpeg(content)
    return None


def _png(content: bytes) -> Size | None:
    """The size, if every chunk is complete and its checksum is correct."""
    size: Size | None = None
    at = len(_PNG)
    while at + 12 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        if at + 12 + length > len(content):
            return None
        body = content[at + 8 : at + 8 + length]
        if zlib.crc32(kind + body) != struct.unpack_from(">I", content, at + 8 + length)[0]:
            return None
        if kind == b"IHDR" and length == 13:
            size = Size(*struct.unpack_from(">II", body))
        if kind == b"IEND":
            return size
        at += 12 + length
    return None


def _jpeg(content: bytes) -> Size | None:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return Size(width, height)
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None
