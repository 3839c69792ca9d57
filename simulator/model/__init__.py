"""People, bots, chats, messages and files, and the rules for changing them."""
