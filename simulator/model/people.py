"""People, and members of groups with their rights."""

from dataclasses import dataclass, field

from simulator.errors import Json

ADMINISTRATOR_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
    "can_manage_tags",
    "can_send_welcome_messages",
)
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
ANONYMOUS: Json = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}


@dataclass(slots=True)
class Person:
    """A person with a Telegram account.

    Args:
        deactivated: the account was deleted.
        role: shown on the chat page, never sent to a bot.
    """

    id: int
    first_name: str
    language_code: str = "id"
    username: str | None = None
    deactivated: bool = False
    role: str = ""

    def user(self) -> Json:
        """The person as a User of the Bot API."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.username:
            user["username"] = self.username
        user["language_code"] = self.language_code
        return user


@dataclass(slots=True)
class Member:
    """The membership of a person or bot in a group.

    Args:
        user_id: of the person or bot.
        status: creator, administrator, member, restricted, left or kicked.
        rights: of an administrator, or the permissions that a restricted member keeps.
    """

    user_id: int
    status: str = "member"
    rights: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_present(self) -> bool:
        """Whether they have not left the group and were not removed."""
        return self.status not in ("left", "kicked")

    @property
    def is_administrator(self) -> bool:
        """Whether they are an administrator or the owner."""
        return self.status in ("creator", "administrator")

    def may(self, right: str) -> bool:
        """Whether they have an administrator right; the creator has all."""
        return self.status == "creator" or (self.status == "administrator" and right in self.rights)

    def may_send(self, permission: str) -> bool:
        """Whether they may send what the permission names."""
        if self.status == "restricted":
            return permission in self.rights
        return self.is_present

    def as_json(self, user: Json) -> Json:
        """The ChatMember object of the Bot API."""
        member: Json = {"user": user, "status": self.status}
        match self.status:
            case "creator":
                member["is_anonymous"] = False
            case "administrator":
                member |= {"can_be_edited": False, "is_anonymous": False}
                member |= {right: right in self.rights for right in ADMINISTRATOR_RIGHTS}
            case "restricted":
                member |= {"until_date": 0, "is_member": True}
                member |= {permission: permission in self.rights for permission in PERMISSIONS}
            case "kicked":
                member["until_date"] = 0
            case _:
                pass
        return member
