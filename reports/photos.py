"""Photos that an official sent, drawn anew so that nothing but their pixels is kept."""

from reports import rendering

MOST = 640  # pixels of the longer side
EACH = 4  # of one line of a plan
FILE = "foto"  # without an ending: typst sees the format in the bytes


def redrawn(content: bytes) -> bytes:
    """A JPEG, PNG or WebP as a PNG without metadata: no place, time or camera.

    Raises:
        PictureError: it is not a picture.
    """
    return rendering.rendered("photo.typ", {"file": FILE, "most": MOST}, files={FILE: content})
