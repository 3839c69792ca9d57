"""The roles of the office's people, and the sets of them that a command asks for."""

from __future__ import annotations

from typing import TypeAlias

Roles: TypeAlias = frozenset[str]
ADMIN: Roles = frozenset({"admin"})
CAMAT: Roles = frozenset({"camat"})
HEADS: Roles = frozenset({"kepala_unit"})
PETUGAS: Roles = frozenset({"petugas"})
APPROVERS: Roles = frozenset({"admin", "camat"})  # of a summary, before the groups get it
READERS: Roles = frozenset({"admin", "camat", "pejabat"})
