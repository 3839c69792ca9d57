"""Files people and bots sent, by the identifiers Telegram knows them by."""

import hashlib
import mimetypes
import re
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Base64Bytes

from simulator.arguments import Json

PHOTO_BYTES = 10 * 1024 * 1024
UPLOAD_BYTES = 50 * 1024 * 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024
PHOTO_SIDES = 10_000
PHOTO_RATIO = 20

UploadKind = Literal["photo", "document", "voice"]
Kind = Literal[UploadKind, "sticker"]
UNKNOWN_MIME = "application/octet-stream"
_MIME = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv",
}
_FOLDERS: dict[Kind, str] = {
    "photo": "photos",
    "document": "documents",
    "voice": "voice",
    "sticker": "stickers",
}
_ENDING = re.compile(r"[^A-Za-z0-9]")


def mime_of(name: str, told: str | None) -> str:
    """What kind of content the app says a file has: as told, else by the name's ending."""
    if told not in (None, "", UNKNOWN_MIME):
        return told
    known = _MIME.get(name.rpartition(".")[2].lower())
    return known or mimetypes.guess_type(name)[0] or UNKNOWN_MIME


@dataclass(slots=True)
class File:
    """One file; `width` and `height` of a picture, else 0."""

    id: str
    kind: Kind
    name: str
    mime: str
    content: Base64Bytes
    path: str
    width: int = 0
    height: int = 0

    @property
    def unique_id(self) -> str:
        """The same for the same bytes."""
        return "AQAD" + hashlib.sha256(self.content).hexdigest()[:14]

    def reference(self) -> Json:
        """What every kind of file shows of itself."""
        return {
            "file_id": self.id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
        }

    def attachment(self) -> Json:
        """The field of a Message that carries it."""
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
class Shelf:
    """Every file ever sent."""

    by_id: dict[str, File] = field(default_factory=dict)

    def keep(
        self, kind: Kind, name: str, mime: str, content: bytes, width: int = 0, height: int = 0
    ) -> File:
        """Take a file in and give it its identifiers."""
        number = len(self.by_id)
        ending = _ENDING.sub("", name.rpartition(".")[2]) if "." in name else "bin"
        file = File(
            id=f"AgACAgUAAxk{number:012d}{kind}",
            kind=kind,
            name=name,
            mime=mime,
            content=content,
            path=f"{_FOLDERS[kind]}/file_{number}.{ending}",
            width=width,
            height=height,
        )
        self.by_id[file.id] = file
        return file

    def at(self, path: str) -> File | None:
        """The file a download path leads to."""
        return next((file for file in self.by_id.values() if file.path == path), None)
