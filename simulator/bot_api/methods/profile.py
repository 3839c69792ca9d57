"""The bot's name, description and short description, by language.

Telegram also limits how often they may be set, the name above all, and does not publish how often;
a fault with 429 stands in for that.
"""

from functools import partial

from simulator.bot_api.methods.call import Call, Method, names
from simulator.bot_api.methods.commands import language_code
from simulator.errors import Json, bad_request
from simulator.model import entities
from simulator.model.bots import PROFILE, ProfileText


def _set(call: Call, what: ProfileText) -> bool:
    """Set one text; an empty one is removed."""
    language, text = language_code(call), call.arguments.text(what).strip()
    if entities.utf16_length(text) > PROFILE[what]:
        raise bad_request(f"{what} is too long")  # Telegram documents no text of this refusal
    texts = call.bot.profile.setdefault(what, {})
    if text:
        texts[language] = text
    else:
        texts.pop(language, None)
    return True


def _get(call: Call, what: ProfileText) -> Json:
    """The text that a person with this language sees."""
    return {what: call.bot.profile_text(what, language_code(call))}


_LANGUAGE = names("language_code")
_TITLES: dict[ProfileText, str] = {
    "name": "Name",
    "description": "Description",
    "short_description": "ShortDescription",
}

METHODS = tuple(
    method
    for what, title in _TITLES.items()
    for method in (
        Method(f"setMy{title}", partial(_set, what=what), _LANGUAGE | names(what)),
        Method(f"getMy{title}", partial(_get, what=what), _LANGUAGE),
    )
)
