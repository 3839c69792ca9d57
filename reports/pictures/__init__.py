"""The pictures of messages: an index, the IKU table, the way to a target."""
