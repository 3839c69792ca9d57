"""Photos and documents, up and down."""

import io

import pytest
from PIL import Image

from simulator.image import Size, size_of
from simulator.refusal import NOT_MODIFIED, Refused
from simulator.world import World
from tests.simulator.conftest import SITI
from tests.simulator.doors import Http, InProcess, Telegram
from tests.simulator.pictures import png


async def test_a_photo_shows_the_size_of_its_bytes(world: World, started: Telegram) -> None:
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


async def test_a_photo_is_sent_again_by_its_identifier(started: Telegram) -> None:
    sent = await started("sendPhoto", {"photo": ("a.png", png(9, 9))}, chat_id=SITI)
    again = await started("sendPhoto", chat_id=SITI, photo=sent["photo"][0]["file_id"])
    assert again["photo"] == sent["photo"]
    refusal = await started.refuses(
        "sendDocument", chat_id=SITI, document=sent["photo"][0]["file_id"]
    )
    assert refusal == (400, "Bad Request: can't use file of type Photo as Document")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "file must be non-empty"),
        (b"not a picture", "IMAGE_PROCESS_FAILED"),
        (png(20, 20)[:-20], "IMAGE_PROCESS_FAILED"),
        (png(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (png(9900, 500), "PHOTO_INVALID_DIMENSIONS"),
        (png(9, 9) + b"\0" * 10_485_760, "bytes is too big for a photo"),
    ],
)
async def test_a_photo_telegram_cannot_show_is_refused(
    started: Telegram, content: bytes, words: str
) -> None:
    code, said = await started.refuses("sendPhoto", {"photo": ("a.png", content)}, chat_id=SITI)
    assert (code, words in said) == (400, True), said


@pytest.mark.parametrize(
    ("photo", "words"),
    [
        ("", "there is no photo in the request"),
        ("attach://nothing", "there is no photo in the request"),
        ("https://a.id/x.png", "failed to get HTTP URL content"),
        ("AgAC", "wrong file identifier/HTTP URL specified"),
    ],
)
async def test_a_photo_that_is_not_there_is_refused(
    started: Telegram, photo: str, words: str
) -> None:
    assert await started.refuses("sendPhoto", chat_id=SITI, photo=photo) == (
        400,
        f"Bad Request: {words}",
    )


@pytest.mark.parametrize("caption", ["x" * 1024, "<b>" + "😀" * 512 + "</b>"])
async def test_a_caption_has_at_most_1024_utf16_units(started: Telegram, caption: str) -> None:
    picture = {"photo": ("a.png", png(9, 9))}
    values = {"chat_id": SITI, "parse_mode": "HTML"}
    assert await started("sendPhoto", picture, caption=caption, **values)
    assert await started.refuses("sendPhoto", picture, caption=caption + "x", **values) == (
        400,
        "Bad Request: message caption is too long",
    )


async def test_a_document_comes_back_as_it_went(started: Telegram) -> None:
    content = bytes(range(256)) * 9
    sent = await started("sendDocument", {"document": ("a.xlsx", content)}, chat_id=SITI)
    document = sent["document"]
    assert (document["file_name"], document["file_size"]) == ("a.xlsx", len(content))
    file = await started("getFile", file_id=document["file_id"])
    assert await _download(started, file["file_path"]) == (200, content)
    assert (await _download(started, "documents/none.bin"))[0] == 404


async def _download(telegram: Telegram, path: str) -> tuple[int, bytes]:
    if isinstance(telegram.door, InProcess):
        url = f"https://api.telegram.org/file/bot{telegram.token}/{path}"
        return await telegram.door.request.do_request(url, "GET")
    assert isinstance(telegram.door, Http)
    url = f"{telegram.door.url}/file/bot{telegram.token}/{path}"
    async with telegram.door.session.get(url) as answer:
        return answer.status, await answer.read()


async def test_over_20_megabytes_a_file_does_not_come_down(world: World, started: Telegram) -> None:
    world.upload(SITI, SITI, "besar.bin", b"\0" * (20 * 1024 * 1024 + 1))
    document = (await started.updates())[-1]["message"]["document"]
    assert await started.refuses("getFile", file_id=document["file_id"]) == (
        400,
        "Bad Request: file is too big",
    )
    assert await started.refuses("getFile", file_id="x") == (400, "Bad Request: invalid file_id")


async def test_over_50_megabytes_a_file_does_not_go_up(started: Telegram) -> None:
    content = b"\0" * (50 * 1024 * 1024 + 1)
    refusal = await started.refuses("sendDocument", {"document": ("a.bin", content)}, chat_id=SITI)
    assert refusal == (413, "Request Entity Too Large")


async def test_a_photo_takes_the_place_of_a_text(world: World, started: Telegram) -> None:
    sent = await started("sendMessage", chat_id=SITI, text="Sebentar")
    where = {"chat_id": SITI, "message_id": sent["message_id"]}
    media = {"type": "photo", "media": "attach://gambar", "caption": "IKM"}
    edited = await started(
        "editMessageMedia", {"gambar": ("a.png", png(5, 4))}, media=media, **where
    )
    assert (edited["caption"], edited["photo"][0]["width"], "text" in edited) == ("IKM", 5, False)
    same = {"gambar": ("a.png", png(5, 4))}
    refusal = await started.refuses("editMessageMedia", same, media=media, **where)
    assert refusal == (400, f"Bad Request: {NOT_MODIFIED}")
    caption = await started("editMessageCaption", caption="Baru", **where)
    assert (caption["caption"], caption["photo"]) == ("Baru", world.transcript(SITI)[-1]["photo"])


@pytest.mark.parametrize(
    ("method", "values", "words"),
    [
        ("editMessageText", {"text": "x"}, "there is no text in the message to edit"),
        ("editMessageMedia", {"media": {"type": "video", "media": "x"}}, "photo and document only"),
        ("editMessageMedia", {"media": "{"}, "can't parse media JSON object"),
    ],
)
async def test_a_photo_is_edited_as_a_photo(
    started: Telegram, method: str, values: dict[str, object], words: str
) -> None:
    sent = await started("sendPhoto", {"photo": ("a.png", png(9, 9))}, chat_id=SITI)
    where = {"chat_id": SITI, "message_id": sent["message_id"]}
    code, said = await started.refuses(method, **where, **values)
    assert (code, words in said) == (400, True), said


async def test_siti_sends_photos_voices_and_stickers(world: World, started: Telegram) -> None:
    world.upload(SITI, SITI, "a.png", png(3, 2), kind="photo", caption="loket")
    world.upload(SITI, SITI, "a.ogg", b"OggS", "audio/ogg", kind="voice")
    world.sticker(SITI, SITI)
    photo, voice, sticker = [update["message"] for update in await started.updates()]
    assert (photo["caption"], photo["photo"][0]["height"]) == ("loket", 2)
    assert (voice["voice"]["mime_type"], sticker["sticker"]["width"]) == ("audio/ogg", 512)
    with pytest.raises(Refused):
        world.upload(SITI, SITI, "a.png", b"x", kind="photo")


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_size_agrees_with_pillow(kind: str) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (321, 123)).save(buffer, kind)
    assert size_of(buffer.getvalue()) == Size(321, 123)
