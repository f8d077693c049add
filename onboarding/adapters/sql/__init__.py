"""The store in SQL: SQLite on one machine, PostgreSQL beyond it; the same tables and statements for both."""

from __future__ import annotations

from onboarding.adapters.sql.store import SqlStore

__all__ = ["SqlStore"]
