"""Downloads of files by the bot."""

from simulator.bot_api.methods.call import Call, Method, names
from simulator.errors import Json, bad_request
from simulator.model.files import MAX_DOWNLOAD_BYTES


def get_file(call: Call) -> Json:
    """The download path of a file."""
    file_id = call.arguments.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    file = call.world.state.files.by_id.get(file_id)
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.content) > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return file.reference() | {"file_path": file.path}


METHODS = (Method("getFile", get_file, names("file_id")),)
