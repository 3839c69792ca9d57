"""Files on their way back to the bot."""

from simulator.arguments import Json
from simulator.files import DOWNLOAD_BYTES
from simulator.methods.call import Call, Method, names
from simulator.refusal import bad_request


def get_file(call: Call) -> Json:
    """Where a file can be downloaded."""
    file_id = call.arguments.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    file = call.world.state.shelf.by_id.get(file_id)
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.content) > DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return file.reference() | {"file_path": file.path}


METHODS = (Method("getFile", get_file, names("file_id")),)
