"""The `/sim/` interface over HTTP: its operations, transcripts, logged calls and events."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from simulator.http.server import Server, serve
from simulator.world import World
from tests.simulator.clients import TOKEN, BotApiClient, Sim
from tests.simulator.conftest import BUDI, GROUP, SITI, SUPERGROUP
from tests.simulator.images import png

pytestmark = pytest.mark.http


async def test_a_new_person_starts_the_bot(sim: Sim, over_http: BotApiClient) -> None:
    assert await sim.post("reset") == {"status": 200}
    await over_http("getMe")
    assert (await sim.post("people", id=7, first_name="Tini", language_code="en"))["id"] == 7
    answer = await sim.post("say", {"from": 7, "chat": 7, "text": "/start l_ktp"})
    update = (await over_http.updates())[0]
    assert update["update_id"] == answer["update_id"]
    assert update["message"]["from"]["language_code"] == "en"


async def test_a_polling_bot_misses_no_update_after_a_reset(
    sim: Sim, over_http: BotApiClient
) -> None:
    message = {"from": SITI, "chat": SITI, "text": "/start"}
    before = (await sim.post("say", message))["update_id"]
    await sim.post("reset")
    assert (await sim.post("say", message))["status"] == 400
    await sim.post("people", id=SITI)
    await sim.post("say", message)
    assert [update["update_id"] for update in await over_http.updates(offset=before + 1)] == [
        before + 1
    ]


async def test_siti_taps_and_receives_the_toast(sim: Sim, over_http: BotApiClient) -> None:
    await sim.post("say", {"from": SITI, "chat": SITI, "text": "/start"})
    sent = await over_http("sendMessage", chat_id=SITI, text="x")
    tap = {"from": SITI, "chat": SITI, "message_id": sent["message_id"], "data": "palsu"}
    assert (await sim.post("tap", tap))["status"] == 200
    assert (await sim.post("tap", tap | {"message_id": 99}))["status"] == 400
    query = (await over_http.updates())[-1]["callback_query"]
    await over_http("answerCallbackQuery", callback_query_id=query["id"], text="Tersimpan")
    assert [toast["text"] for toast in await sim.get("toasts", person=SITI)] == ["Tersimpan"]


async def test_the_transcript_shows_the_newest_versions_and_the_history_all(
    sim: Sim, over_http: BotApiClient
) -> None:
    await sim.post("say", {"from": SITI, "chat": SITI, "text": "/start"})
    sent = await over_http("sendMessage", chat_id=SITI, text="lama")
    where = {"chat_id": SITI, "message_id": sent["message_id"]}
    await over_http("editMessageText", text="baru", **where)
    assert [shown["text"] for shown in await sim.get("transcript", chat=SITI)] == ["/start", "baru"]
    last = (await sim.get("history", chat=SITI))[-1]
    assert [shown["text"] for shown in last["versions"]] == ["lama", "baru"]
    await over_http("deleteMessage", **where)
    assert len(await sim.get("transcript", chat=SITI)) == 1
    assert (await sim.get("history", chat=SITI))[-1]["deleted"] is True


async def test_every_call_is_logged(sim: Sim, over_http: BotApiClient) -> None:
    await over_http("getMe")
    await over_http.refuses("sendMessage", chat_id=99, text="x")
    first, second = await sim.get("requests")
    assert (first["method"], first["status"]) == ("getMe", 200)
    assert (second["params"], second["status"]) == ({"chat_id": 99, "text": "x"}, 400)
    assert second["description"] == "Bad Request: chat not found"
    assert await sim.get("requests", since=first["number"]) == [second]


async def test_a_group_is_created_changed_and_upgraded(sim: Sim, over_http: BotApiClient) -> None:
    await sim.post("groups", id=GROUP, title="Kantor", members=[SITI])
    bot = (await over_http("getMe"))["id"]
    assert (await sim.post("promote", chat=GROUP))["update_id"]
    members = await over_http("getChatAdministrators", chat_id=GROUP)
    assert [member["user"]["id"] for member in members] == [SITI, bot]
    assert (await sim.post("add", chat=GROUP, who=BUDI))["status"] == 200
    assert (await sim.post("say", {"from": BUDI, "chat": GROUP, "text": "halo"}))["update_id"]
    new_chat = (await sim.post("migrate", chat=GROUP))["new_chat"]
    assert (await sim.post("restrict", chat=new_chat))["update_id"]
    assert (await over_http.refuses("sendMessage", chat_id=new_chat, text="x"))[0] == 400
    assert (await sim.post("kick", chat=new_chat))["update_id"]
    assert (await over_http.refuses("sendMessage", chat_id=new_chat, text="x"))[0] == 403


async def test_a_message_hidden_by_privacy_mode_has_no_update_id(sim: Sim) -> None:
    await sim.post("groups", id=SUPERGROUP, title="Kantor", members=[SITI])
    answer = await sim.post("say", {"from": SITI, "chat": SUPERGROUP, "text": "halo"})
    assert answer == {"status": 200, "update_id": None}


async def test_topics_blocks_edits_and_stickers(sim: Sim, over_http: BotApiClient) -> None:
    await sim.post("groups", id=SUPERGROUP, title="Kantor", members=[SITI])
    assert (await sim.post("topic", chat=SUPERGROUP, id=9))["status"] == 200
    assert await over_http("sendMessage", chat_id=SUPERGROUP, text="x", message_thread_id=9)
    assert (await sim.post("topic", chat=SUPERGROUP, id=9, deleted=True))["status"] == 200
    assert (await sim.post("sticker", {"from": SITI, "chat": SITI}))["update_id"]
    message = {"from": SITI, "chat": SITI, "text": "a"}
    await sim.post("say", message)
    written = (await sim.get("transcript", chat=SITI))[-1]["message_id"]
    assert (await sim.post("edit", message, text="b", message_id=written))["update_id"]
    sent = await over_http("sendMessage", chat_id=SITI, text="x")
    assert (await sim.post("forget", chat=SITI, message_id=sent["message_id"]))["status"] == 200
    assert (await sim.post("block", {"from": SITI, "blocked": True}))["update_id"]
    assert (await over_http.refuses("sendMessage", chat_id=SITI, text="x"))[0] == 403


async def test_siti_uploads_a_file(
    sim: Sim, session: aiohttp.ClientSession, over_http: BotApiClient
) -> None:
    form = aiohttp.FormData({"from": str(SITI), "chat": str(SITI), "kind": "photo"})
    form.add_field("file", png(4, 3), filename="loket.png")
    async with session.post(f"{sim.url}/upload", data=form) as answer:
        assert (await answer.json())["update_id"]
    assert (await over_http.updates())[-1]["message"]["photo"][0]["width"] == 4


async def _upload(sim: Sim, name: str = "a.csv", mime: str = "", **fields: Any) -> Any:
    form = aiohttp.FormData(quote_fields=False)
    for key, value in ({"from": SITI} | fields).items():
        form.add_field(key, str(value))
    form.add_field("file", b"u1;u2", filename=name, content_type=mime or "application/octet-stream")
    async with sim.session.post(f"{sim.url}/upload", data=form) as answer:
        return {"status": answer.status} | await answer.json()


@pytest.mark.parametrize(
    ("name", "declared", "mime"),
    [
        ("SKM TW1.XLSX", "", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("LHE 2026.pdf", "", "application/pdf"),
        ("kertas.csv", "", "text/csv"),
        ("kertas.csv", "text/comma-separated-values", "text/comma-separated-values"),
        ("kertas", "", "application/octet-stream"),
    ],
)
async def test_a_document_has_its_declared_mime_type_or_that_of_its_name(
    sim: Sim, over_http: BotApiClient, name: str, declared: str, mime: str
) -> None:
    await _upload(sim, name, declared, caption="/impor 2026-TW1 ")
    message = (await over_http.updates())[-1]["message"]
    document = message["document"]
    assert [document[key] for key in ("file_name", "mime_type", "file_size")] == [name, mime, 5]
    assert message["caption"] == "/impor 2026-TW1"
    assert message["caption_entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    path = (await over_http("getFile", file_id=document["file_id"]))["file_path"]
    address = sim.url.replace("/sim", f"/file/bot{TOKEN}/{path}")
    async with sim.session.get(address) as answer:
        assert await answer.read() == b"u1;u2"


async def test_in_a_group_the_bot_receives_a_document_that_replies_to_it(
    sim: Sim, over_http: BotApiClient
) -> None:
    await sim.post("groups", id=SUPERGROUP, title="Kantor", members=[SITI])
    sent = await over_http("sendMessage", chat_id=SUPERGROUP, text="Kirim berkasnya")
    assert (await _upload(sim, chat=SUPERGROUP))["update_id"] is None
    assert (await _upload(sim, chat=SUPERGROUP, reply_to=sent["message_id"]))["update_id"]


@pytest.mark.parametrize("fields", [{"kind": "film"}, {"to": 5}, {"chat": "x"}, {"reply_to": 99}])
async def test_an_invalid_upload_is_refused_with_a_reason(sim: Sim, fields: dict[str, Any]) -> None:
    answer = await _upload(sim, **fields)
    assert (answer["status"], bool(answer["error"])) == (400, True)


async def test_an_upload_without_a_file_is_refused_with_a_reason(sim: Sim) -> None:
    form = aiohttp.FormData({"from": str(SITI)}, default_to_multipart=True)
    async with sim.session.post(f"{sim.url}/upload", data=form) as answer:
        assert await answer.json() == {"error": "file: Field required"}


async def test_an_unknown_path_is_answered_in_json(sim: Sim, server: Server) -> None:
    not_found = {"ok": False, "error_code": 404, "description": "Not Found"}
    for path in ("/nothing", f"/bot{TOKEN}", f"/bot{TOKEN}/", "/file/x"):
        async with sim.session.get(server.url + path) as answer:
            assert (answer.status, await answer.json()) == (404, not_found)
    for path, status in (("/sim/nothing", 404), ("/sim/say", 405)):
        async with sim.session.get(server.url + path) as answer:
            assert (answer.status, list(await answer.json())) == (status, ["error"])


async def test_faults_latency_and_limits_are_set(
    sim: Sim, world: World, over_http: BotApiClient
) -> None:
    assert (await sim.post("faults", method="getMe", times=1, answer=500))["status"] == 200
    assert (await over_http.refuses("getMe"))[0] == 500
    assert (await sim.post("faults", method="getMe", answer="explode"))["status"] == 400
    assert (await sim.post("latency", seconds=0.01))["seconds"] == 0.01
    assert world.latency == 0.01
    limits = await sim.post("limits", per_chat=None, overall=5)
    assert limits == {
        "status": 200,
        "per_chat": None,
        "per_group_minute": 20,
        "overall": 5,
        "burst": 20,
    }


async def test_the_clock_is_set_advanced_and_read(sim: Sim) -> None:
    await sim.post("clock", now="2026-09-30T23:59:00+07:00")
    await sim.post("clock", advance=60)
    assert await sim.get("clock") == {"now": "2026-09-30T17:00:00+00:00"}
    assert (await sim.post("clock", now="2026-09-30T23:59:00"))["status"] == 400


async def test_events_are_streamed(
    sim: Sim, session: aiohttp.ClientSession, over_http: BotApiClient, world: World
) -> None:
    async with session.get(f"{sim.url}/events") as stream:
        assert stream.content_type == "text/event-stream"
        assert await stream.content.readline() == b": listening\n"
        await sim.post("say", {"from": SITI, "chat": SITI, "text": "/start"})
        await over_http("sendMessage", chat_id=SITI, text="Halo")
        events: list[dict[str, Any]] = []
        while len(events) < 3:
            line = await asyncio.wait_for(stream.content.readline(), 2)
            if line.startswith(b"data: "):
                events.append(json.loads(line.removeprefix(b"data: ")))
    assert [event["type"] for event in events] == ["message", "message", "call"]
    assert events[1]["message"]["text"] == "Halo"
    await over_http("sendMessage", chat_id=SITI, text="lagi")
    await asyncio.sleep(0.05)
    await over_http("sendMessage", chat_id=SITI, text="lagi")
    assert world.listeners == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("people", {}),
        ("people", {"id": "x"}),
        ("people", {"id": -1}),
        ("say", {"from": 99, "chat": 99, "text": "x"}),
        ("say", {"from": SITI, "chat": BUDI, "text": "x"}),
        ("say", {"from": SITI, "chat": SITI, "text": "/start " + "x" * 65}),
        ("say", {"from": SITI, "chat": SITI, "text": "x", "bot": 5}),
        ("say", {"from": SITI, "chat": SITI, "text": "x", "txet": "y"}),
        ("groups", {"id": 5, "title": "x"}),
        ("kick", {"chat": GROUP, "whom": 5}),
        ("limits", {"per_chat": 0}),
        ("faults", {"method": "getMe", "answer": 418}),
        ("migrate", {"chat": -1}),
        ("clock", {"now": "kemarin"}),
        ("latency", {"seconds": -1}),
    ],
)
async def test_an_invalid_operation_is_refused_with_a_reason(
    sim: Sim, path: str, body: Any
) -> None:
    answer = await sim.post(path, body)
    assert answer["status"] == 400
    assert answer["error"]


async def test_a_bot_may_be_named_by_number_username_or_token(sim: Sim, world: World) -> None:
    message = {"from": SITI, "chat": SITI, "text": "x"}
    for name in (123456789, "123456789", "@puas123456789bot", TOKEN):
        assert (await sim.post("say", message, bot=name))["update_id"]
    assert len(world.transcript(SITI)) == 4


async def test_only_loopback_is_served(world: World) -> None:
    with pytest.raises(ValueError, match="loopback"):
        await serve(world, host="0.0.0.0")  # noqa: S104 - this must be refused


async def test_arguments_are_read_from_query_form_json_and_multipart(
    server: Server, session: aiohttp.ClientSession, world: World
) -> None:
    world.say(SITI, SITI, "/start")
    url = f"{server.url}/bot{TOKEN}/SENDmessage"
    markup = json.dumps({"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]})
    values = {"chat_id": str(SITI), "text": "Halo", "reply_markup": markup}
    form = aiohttp.FormData(values, default_to_multipart=True)
    bodies: list[dict[str, Any]] = [{"params": values}, {"data": values}, {"json": values}]
    for sent in [*bodies, {"data": form}]:
        method = "GET" if "params" in sent else "POST"
        async with session.request(method, url, **sent) as answer:
            body = await answer.json()
        assert body["ok"], body
        assert body["result"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "b"
    async with session.post(url, data=b"{", headers={"Content-Type": "application/json"}) as bad:
        assert bad.status == 400
