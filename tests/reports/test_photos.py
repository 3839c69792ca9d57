"""Photos are drawn anew: their pixels stay, what the camera wrote does not."""

import pytest

from reports import rendering
from reports.rendering import PictureError
from tests.reports.photo import JPEG, PLACE

PNG = b"\x89PNG\r\n\x1a\n"


def test_of_a_photo_only_its_pixels_are_kept() -> None:
    assert PLACE in JPEG

    png = rendering.redrawn(JPEG)

    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    assert png.startswith(PNG)
    assert (width, height) == (rendering.MOST, rendering.MOST * 12 // 16)
    assert PLACE not in png
    assert b"eXIf" not in png


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"%PDF-1.7", JPEG[:60]])
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    with pytest.raises(PictureError):
        rendering.redrawn(content)
