"""The floor of the door: a web server that checks an HMAC, commits one insert, and does nothing else."""

from __future__ import annotations

import base64
import hmac
import os
import sqlite3
from hashlib import sha256
from threading import Lock, local
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request

from tests.worlds import SECRET


async def raw_body(request: Request) -> bytes:
    """The bytes as they came."""
    return await request.body()


def app() -> FastAPI:
    """The bare server over a file in ONBOARDING_HOME."""
    bare = FastAPI(openapi_url=None)
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    home = os.environ["ONBOARDING_HOME"]  # noqa: TID251 -- the floor has no settings
    turn, mine = Lock(), local()

    def connection() -> sqlite3.Connection:
        if not hasattr(mine, "connection"):
            mine.connection = sqlite3.connect(f"{home}/bare.db", isolation_level=None)
            mine.connection.execute("PRAGMA journal_mode = WAL")
            mine.connection.execute("PRAGMA synchronous = FULL")
            mine.connection.execute("CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, body TEXT)")
        found: sqlite3.Connection = mine.connection
        return found

    @bare.post("/webhooks/hris/standard")
    def receive(request: Request, body: Annotated[bytes, Depends(raw_body)]) -> dict[str, Any]:
        name, sent_at = request.headers["webhook-id"], request.headers["webhook-timestamp"]
        digest = base64.b64encode(hmac.digest(key, f"{name}.{sent_at}.".encode() + body, sha256)).decode()
        if not hmac.compare_digest(f"v1,{digest}", request.headers["webhook-signature"]):
            raise HTTPException(401)
        with turn:
            connection().execute("INSERT OR IGNORE INTO events VALUES (?, ?)", (name, body.decode()))
        return {"event": name, "state": "recorded"}

    return bare
