"""ZIP archives: the same files give the same bytes."""

import re
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_INVALID_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time in a ZIP; the real time would change the bytes


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of these files, by name and in this order."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(ZipInfo(name, EPOCH), content, ZIP_DEFLATED)
    return out.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    """The files of a ZIP that this program made, by name and in its order."""
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def xml_safe(text: str) -> str:
    """The text with U+FFFD in place of each character that XML does not allow."""
    return _INVALID_IN_XML.sub("\ufffd", text)
