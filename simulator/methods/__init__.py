"""The methods of the Bot API, each with the arguments it takes and those it refuses."""

from simulator.methods import chats, commands, delivery, editing, files, sending
from simulator.methods.call import Method

BY_NAME: dict[str, Method] = {
    method.name.lower(): method
    for module in (delivery, sending, editing, files, commands, chats)
    for method in module.METHODS
}
