"""The address of each view of the survey."""

from __future__ import annotations

from urllib.parse import urlencode

from office.conversation import Kind, base36, read_tap
from office.survey.views import Current, Message, Opening, Services, Thanks, Unstored, View

NOTICES = (
    "toast_stale", "toast_done", "toast_foreign", "toast_expired", "toast_unknown",
    "not_stored", "unknown_service", "visit_code_wrong", "visit_code_used",
)  # fmt: skip
LOOKED = "jawaban"  # in the query: the review shows the own answers
MESSAGES = (
    "expired", "language_chosen", "erased", "kept", "not_stored", "suggestion_added",
    "too_late_to_add",
)  # fmt: skip


def address(view: View | None, **query: str | None) -> str:
    """The address of a view, at home; None is the list of services."""
    match view:
        case Current(looked=looked):
            path = "/isi"
            query[LOOKED] = "1" if looked else None
        case Opening(service, counter, urutan):
            path = f"/l/{service.slug}" + (f"/{counter.slug}" if counter else "")
            query["ke"] = str(urutan) if urutan > 1 else None
        case Thanks(key):
            path = f"/selesai/{base36(key)}"
        case Message(name):
            path = f"/kabar/{name}"
        case Services(page, typed):
            path = "/"
            query |= {"hal": str(page) if page else None, "cari": typed or None}
        case Unstored() | None:  # what is not stored has no address
            path = "/"
    return with_query(path, query)


def key(text: str) -> int | None:
    """The key of a response that an address names."""
    tap = read_tap(f"{Kind.CONTINUE}.{text}..0.0")
    return None if tap is None else tap.response


def with_query(path: str, query: dict[str, str | None]) -> str:
    """A path with those parts of a query that have a value."""
    given = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(given)}" if given else path
