"""Why the system refused a file or a port, in the words that a person reads."""

from __future__ import annotations

import errno

_WORDS = {
    errno.ENOENT: "tidak ada",
    errno.EACCES: "tidak diizinkan",
    errno.EPERM: "tidak diizinkan",
    errno.EISDIR: "itu folder",
    errno.ENOTDIR: "foldernya tidak ada",
    errno.ENAMETOOLONG: "namanya terlalu panjang",
    errno.EROFS: "disk hanya-baca",
    errno.ENOSPC: "disk penuh",
    errno.EIO: "disk gagal dibaca atau ditulis",
    errno.EADDRINUSE: "sedang dipakai program lain",
    errno.EADDRNOTAVAIL: "bukan alamat komputer ini",
}


def reason(error: OSError) -> str:
    """The reason of this error; the system's own words of a rare one."""
    return _WORDS.get(error.errno or 0, error.strerror or type(error).__name__)
