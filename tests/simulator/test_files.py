"""Uploads and downloads of photos and documents."""

import io

import pytest
from PIL import Image

from simulator.errors import NOT_MODIFIED, InvalidAction
from simulator.model.files import Size, image_size
from simulator.world import World
from tests.simulator.clients import BotApiClient, HttpTransport, InProcessTransport
from tests.simulator.conftest import SITI
from tests.simulator.images import png


async def test_a_photo_has_the_size_of_its_image(world: World, started: BotApiClient) -> None:
    sent = await started(
        "sendPhoto",
        {"photo": ("ikm.png", png(640, 360))},
        chat_id=SITI,
        caption="<b>IKM</b> 84,76",
        parse_mode="HTML",
    )
    assert [(size["width"], size["height"]) for size in sent["photo"]] == [(640, 360)]
    assert (sent["caption"], sent["caption_entities"][0]["type"]) == ("IKM 84,76", "bold")
    assert world.transcript(SITI)[-1]["photo"] == sent["photo"]


async def test_a_photo_can_be_sent_again_by_its_file_id(started: BotApiClient) -> None:
    sent = await started("sendPhoto", {"photo": ("a.png", png(9, 9))}, chat_id=SITI)
    again = await started("sendPhoto", chat_id=SITI, photo=sent["photo"][0]["file_id"])
    assert again["photo"] == sent["photo"]
    error = await started.refuses(
        "sendDocument", chat_id=SITI, document=sent["photo"][0]["file_id"]
    )
    assert error == (400, "Bad Request: can't use file of type Photo as Document")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "file must be non-empty"),
        (b"not a picture", "IMAGE_PROCESS_FAILED"),
        (png(20, 20)[:-20], "IMAGE_PROCESS_FAILED"),
        (png(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (png(9900, 500), "PHOTO_INVALID_DIMENSIONS"),
        (png(9, 9) + b"\0" * 10_485_760, "bytes is too big for a photo"),
    ],
)
async def test_an_invalid_photo_is_refused(
    started: BotApiClient, content: bytes, expected: str
) -> None:
    code, description = await started.refuses(
        "sendPhoto", {"photo": ("a.png", content)}, chat_id=SITI
    )
    assert (code, expected in description) == (400, True), description


@pytest.mark.parametrize(
    ("photo", "expected"),
    [
        ("", "there is no photo in the request"),
        ("attach://nothing", "there is no photo in the request"),
        ("https://a.id/x.png", "failed to get HTTP URL content"),
        ("AgAC", "wrong file identifier/HTTP URL specified"),
    ],
)
async def test_a_missing_photo_is_refused(started: BotApiClient, photo: str, expected: str) -> None:
    assert await started.refuses("sendPhoto", chat_id=SITI, photo=photo) == (
        400,
        f"Bad Request: {expected}",
    )


@pytest.mark.parametrize("caption", ["x" * 1024, "<b>" + "😀" * 512 + "</b>"])
async def test_a_caption_has_at_most_1024_utf16_units(started: BotApiClient, caption: str) -> None:
    picture = {"photo": ("a.png", png(9, 9))}
    values = {"chat_id": SITI, "parse_mode": "HTML"}
    assert await started("sendPhoto", picture, caption=caption, **values)
    assert await started.refuses("sendPhoto", picture, caption=caption + "x", **values) == (
        400,
        "Bad Request: message caption is too long",
    )


async def test_a_downloaded_document_equals_the_uploaded_one(started: BotApiClient) -> None:
    content = bytes(range(256)) * 9
    sent = await started("sendDocument", {"document": ("a.xlsx", content)}, chat_id=SITI)
    document = sent["document"]
    assert (document["file_name"], document["file_size"]) == ("a.xlsx", len(content))
    file = await started("getFile", file_id=document["file_id"])
    assert await _download(started, file["file_path"]) == (200, content)
    assert (await _download(started, "documents/none.bin"))[0] == 404


async def _download(telegram: BotApiClient, path: str) -> tuple[int, bytes]:
    if isinstance(telegram.transport, InProcessTransport):
        url = f"https://api.telegram.org/file/bot{telegram.token}/{path}"
        return await telegram.transport.request.do_request(url, "GET")
    assert isinstance(telegram.transport, HttpTransport)
    url = f"{telegram.transport.url}/file/bot{telegram.token}/{path}"
    async with telegram.transport.session.get(url) as answer:
        return answer.status, await answer.read()


async def test_a_file_over_20_megabytes_cannot_be_downloaded(
    world: World, started: BotApiClient
) -> None:
    world.send_file(SITI, SITI, "besar.bin", b"\0" * (20 * 1024 * 1024 + 1))
    document = (await started.updates())[-1]["message"]["document"]
    assert await started.refuses("getFile", file_id=document["file_id"]) == (
        400,
        "Bad Request: file is too big",
    )
    assert await started.refuses("getFile", file_id="x") == (400, "Bad Request: invalid file_id")


@pytest.mark.slow
async def test_a_file_over_50_megabytes_cannot_be_uploaded(started: BotApiClient) -> None:
    content = b"\0" * (50 * 1024 * 1024 + 1)
    error = await started.refuses("sendDocument", {"document": ("a.bin", content)}, chat_id=SITI)
    assert error == (413, "Request Entity Too Large")


async def test_a_photo_replaces_a_text(world: World, started: BotApiClient) -> None:
    sent = await started("sendMessage", chat_id=SITI, text="Sebentar")
    where = {"chat_id": SITI, "message_id": sent["message_id"]}
    media = {"type": "photo", "media": "attach://gambar", "caption": "IKM"}
    edited = await started(
        "editMessageMedia", {"gambar": ("a.png", png(5, 4))}, media=media, **where
    )
    assert (edited["caption"], edited["photo"][0]["width"], "text" in edited) == ("IKM", 5, False)
    same = {"gambar": ("a.png", png(5, 4))}
    error = await started.refuses("editMessageMedia", same, media=media, **where)
    assert error == (400, f"Bad Request: {NOT_MODIFIED}")
    caption = await started("editMessageCaption", caption="Baru", **where)
    assert (caption["caption"], caption["photo"]) == ("Baru", world.transcript(SITI)[-1]["photo"])


@pytest.mark.parametrize(
    ("method", "values", "expected"),
    [
        ("editMessageText", {"text": "x"}, "there is no text in the message to edit"),
        ("editMessageMedia", {"media": {"type": "video", "media": "x"}}, "photo and document only"),
        ("editMessageMedia", {"media": "{"}, "can't parse media JSON object"),
    ],
)
async def test_an_edit_that_does_not_fit_a_photo_is_refused(
    started: BotApiClient, method: str, values: dict[str, object], expected: str
) -> None:
    sent = await started("sendPhoto", {"photo": ("a.png", png(9, 9))}, chat_id=SITI)
    where = {"chat_id": SITI, "message_id": sent["message_id"]}
    code, description = await started.refuses(method, **where, **values)
    assert (code, expected in description) == (400, True), description


async def test_siti_sends_photos_voices_and_stickers(world: World, started: BotApiClient) -> None:
    world.send_file(SITI, SITI, "a.png", png(3, 2), kind="photo", caption="loket")
    world.send_file(SITI, SITI, "a.ogg", b"OggS", "audio/ogg", kind="voice")
    world.send_sticker(SITI, SITI)
    photo, voice, sticker = [update["message"] for update in await started.updates()]
    assert (photo["caption"], photo["photo"][0]["height"]) == ("loket", 2)
    assert (voice["voice"]["mime_type"], sticker["sticker"]["width"]) == ("audio/ogg", 512)
    with pytest.raises(InvalidAction):
        world.send_file(SITI, SITI, "a.png", b"x", kind="photo")


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_image_size_agrees_with_pillow(kind: str) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (321, 123)).save(buffer, kind)
    assert image_size(buffer.getvalue()) == Size(321, 123)
