"""What the chat page shows besides messages: all chats, and the state and menu of one chat."""

from collections.abc import Iterator

from simulator.errors import Json
from simulator.model import user_actions
from simulator.model.bots import Bot, BotName
from simulator.model.chats import Chat
from simulator.model.people import Person
from simulator.world import World


def overview(world: World) -> Json:
    """Bots, people, groups without those that became a supergroup, and the links of the page."""
    state = world.state
    return {
        "bots": [bot.user() for bot in state.bots.values()],
        "people": [person.user() | {"role": person.role} for person in state.people.values()],
        "groups": [_group(chat) for chat in state.groups.values() if chat.migrated_to is None],
        "links": [{"label": label, "url": url} for label, url in world.links.items()],
    }


def _group(chat: Chat) -> Json:
    present = [member for member in chat.members.values() if member.is_present]
    members = [{"user_id": member.user_id, "status": member.status} for member in present]
    return chat.json | {"members": members}


def chat_status(world: World, from_: int, chat_id: int, bot: BotName = None) -> Json:
    """What a person's app shows of a chat besides its messages."""
    chat = user_actions.visible_chat(world, from_, chat_id, bot)
    language = world.active_person(from_).language_code[:2]
    return {
        "chat": chat.json,
        "known": chat.known,
        "blocked": chat.blocked,
        "description": world.bot(bot).profile_text("description", language),
        "menu": menu(world.bot(bot), chat, world.active_person(from_)),
    }


def menu(bot: Bot, chat: Chat, person: Person) -> list[Json]:
    """The commands in a person's menu: those of the narrowest scope that has any."""
    for scope in _scopes(chat, person.id):
        for language in (person.language_code[:2], ""):
            if commands := bot.commands.get(f"{scope} {language}"):
                return commands
    return []


def _scopes(chat: Chat, person: int) -> Iterator[str]:
    """The scopes in Telegram's order, narrowest first."""
    if chat.is_private:
        yield from (f"chat {chat.id}", "all_private_chats", "default")
        return
    member = chat.member(person)
    is_administrator = member is not None and member.is_administrator
    yield f"chat_member {chat.id} {person}"
    if is_administrator:
        yield f"chat_administrators {chat.id}"
    yield f"chat {chat.id}"
    if is_administrator:
        yield "all_chat_administrators"
    yield from ("all_group_chats", "default")
