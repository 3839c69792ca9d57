"""The names of routes that buttons of several modules lead to; `bot/officers/` handles them."""

from __future__ import annotations

MANAGE, REPORT, POSTERS = "kelola", "laporan", "poster"
USERS = "pengguna-periode"

# Planning.
PLANS, PLAN, COPY_PLAN = "rencana", "rencana-lihat", "rencana-salin"
APPLY_PLAN_FILE = "rencana-terapkan"
TARGETS = "iku-target"
PLANNING_PAPERS, PLANNING_PAPER = "dokumen", "dokumen-satu"
LHE, NEW_LHE, RECOMMENDATIONS = "lhe-buka", "lhe-baru", "lhe-tindak"

# Follow-up of a period's findings.
FOLLOW_UP, ADD_FOLLOW_UP, CHANGE_FOLLOW_UP = "tindak-periode", "tindak-tambah", "tindak-ubah"

# Files and invitations.
PAPER_FILES, PAPER_FILE, ENTER_PAPER_FILE = "kertas", "kertas-berkas", "kertas-masuk"
INVITE, INVITE_LISTED = "undangan-baru", "undangan-lembar-ya"
