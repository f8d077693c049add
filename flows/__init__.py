"""Which doors does Prefect open? One file a flow; the only package that imports Prefect.

HR's data stays at home: Prefect's usage analytics are off unless somebody says otherwise. Prefect reads its
settings when it is first imported, so this must come before.
"""

from __future__ import annotations

import os

os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")  # noqa: TID251 -- Prefect reads it at import
os.environ.setdefault("DO_NOT_TRACK", "1")  # noqa: TID251 -- as above
