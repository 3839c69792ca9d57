"""Any input of a bot gets a response that agrees with Telegram's specification."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.bot_api import dispatch, methods
from simulator.bot_api.methods.call import names
from simulator.errors import ApiError
from simulator.model.entities import parse_html, parse_text, utf16_length
from simulator.model.files import Upload
from simulator.world import World
from tests.simulator import specification
from tests.simulator.clients import TOKEN
from tests.simulator.conftest import GROUP, SITI

KEYS = st.sampled_from(
    sorted(
        names(
            "type text url callback_data inline_keyboard keyboard message_id chat_id user_id media",
            "caption parse_mode command description offset length is_disabled style copy_text",
        )
    )
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 70),
    st.floats(allow_nan=False),
    st.text(max_size=9),
    st.sampled_from(["HTML", "chat", "photo", "attach://x", "[", "{}", "https://a.id", "<b>x</b>"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=9,
)


def _world() -> World:
    world = World(limits=None)
    world.register(TOKEN)
    world.add_person(SITI, "Siti")
    world.say(SITI, SITI, "/start")
    world.add_group(GROUP, "Kantor", [SITI])
    return world


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(method.name for method in methods.BY_NAME.values()))
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_method_answers_arbitrary_arguments(name: str, data: st.DataObject) -> None:
    fields = sorted(methods.BY_NAME[name.lower()].takes - {"timeout"})
    values: dict[str, Any] = {field: data.draw(VALUES, field) for field in fields}
    chats = st.one_of(st.sampled_from([SITI, GROUP, str(SITI)]), VALUES)
    if "chat_id" in values:
        values["chat_id"] = data.draw(chats)
    if data.draw(st.booleans()):
        values = {key: json.dumps(value) for key, value in values.items()}
    files = {"x": Upload("x", data.draw(st.binary(max_size=40)))}
    status, body = asyncio.run(_call(name, values, files))
    assert (status == 200) is body["ok"]
    if body["ok"]:
        types = specification.returns(name)
        assert not specification.errors(json.loads(json.dumps(body["result"])), types, name)
    else:
        assert 400 <= status < 500


async def _call(name: str, values: dict[str, Any], files: dict[str, Upload]) -> dispatch.Response:
    world = _world()
    sent = await dispatch.call(world, TOKEN, "sendMessage", {"chat_id": SITI, "text": "x"})
    assert sent[0] == 200
    return await dispatch.call(world, TOKEN, name, values, files)


TAGS = "<b> </b> <i> </ > < &amp; &#128512; & a 😀 /x <code> </code> <pre> </pre> @budi = <a </a>"
HTML = st.lists(
    st.sampled_from([*sorted(names(TAGS)), " ", "\n", '<a href="https://a.id">']), max_size=14
).map("".join)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(HTML)
def test_entities_are_inside_their_text(source: str) -> None:
    try:
        plain, parsed = parse_text(source, "HTML", None)
    except ApiError:
        return
    for entity in parsed:
        assert entity["length"] > 0
        assert 0 <= entity["offset"] <= utf16_length(plain) - entity["length"]


@given(st.text())
def test_escaped_text_is_restored_by_the_parser(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse_html(escaped) == (text, [])
