"""What a person who looks around sees: who is there, and what stands around a chat's messages."""

from collections.abc import Iterator

from simulator import acts
from simulator.arguments import Json
from simulator.bots import Bot, BotName
from simulator.chats import Chat
from simulator.people import Person
from simulator.world import World


def everybody(world: World) -> Json:
    """Bots, people and groups; a group that lives on under another id is left out."""
    state = world.state
    return {
        "bots": [bot.user() for bot in state.bots.values()],
        "people": [person.user() | {"role": person.role} for person in state.people.values()],
        "groups": [_group(chat) for chat in state.groups.values() if chat.migrated_to is None],
    }


def _group(chat: Chat) -> Json:
    inside = [member for member in chat.members.values() if member.is_in]
    members = [{"user_id": member.user_id, "status": member.status} for member in inside]
    return chat.face | {"members": members}


def around(world: World, from_: int, chat: int, bot: BotName = None) -> Json:
    """What somebody's app shows around the messages of a chat."""
    place = acts.seen(world, from_, chat, bot)
    return {
        "chat": place.face,
        "known": place.known,
        "blocked": place.blocked,
        "menu": menu(world.bot(bot), place, world.somebody(from_)),
    }


def menu(bot: Bot, chat: Chat, person: Person) -> list[Json]:
    """The commands a person is offered: those of the narrowest scope that has any."""
    for scope in _scopes(chat, person.id):
        for language in (person.language_code[:2], ""):
            if found := bot.commands.get(f"{scope} {language}"):
                return found
    return []


def _scopes(chat: Chat, person: int) -> Iterator[str]:
    """Telegram's order, narrowest first."""
    if chat.is_private:
        yield from (f"chat {chat.id}", "all_private_chats", "default")
        return
    member = chat.member(person)
    runs_it = member is not None and member.is_administrator
    yield f"chat_member {chat.id} {person}"
    if runs_it:
        yield f"chat_administrators {chat.id}"
    yield f"chat {chat.id}"
    if runs_it:
        yield "all_chat_administrators"
    yield from ("all_group_chats", "default")
