"""The methods of the Bot API, each with the arguments it accepts and those it refuses."""

from simulator.bot_api.methods import chats, commands, editing, files, profile, sending, updates
from simulator.bot_api.methods.call import Method

BY_NAME: dict[str, Method] = {
    method.name.lower(): method
    for module in (updates, sending, editing, files, commands, chats, profile)
    for method in module.METHODS
}
