"""How does Prefect wake us? Its REST API as an alarm clock, and a clock that never rings.

A scheduled flow run is an alarm; its idempotency key makes setting it twice harmless. `import prefect` costs two
seconds, so this speaks HTTP (`POST /deployments/{id}/create_flow_run`, https://docs.prefect.io/v3/api-ref).
"""

from __future__ import annotations

import weakref
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event, Lock
from uuid import UUID

import httpx

from onboarding.domain.errors import Unavailable

DEPLOYMENT = "onboarding"
"""The name of each flow's deployment: `run-due-steps/onboarding`."""

TIMEOUT = 2.0
"""Seconds: whoever sets an alarm answers somebody else within a second or two, and a lost alarm only delays."""


PAUSES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5)
"""Seconds between calls for one alarm while the server says 503, which a server on SQLite does when two writers
meet (PrefectHQ/prefect#17473); the idempotency key makes a second call harmless."""


class PrefectAlarms:
    """Alarms as scheduled runs of a Prefect deployment. Safe to call from several threads.

    `api_url` ends with `/api`. `auth_string` is `user:password` of a server behind basic authentication,
    `api_key` the key of a Prefect Cloud workspace; both may be "".
    """

    def __init__(self, api_url: str, auth_string: str = "", api_key: str = "") -> None:
        self._http = httpx.Client(
            base_url=api_url.rstrip("/"),
            headers=_credentials(auth_string, api_key),
            timeout=TIMEOUT,
            verify=not api_url.startswith("http://"),  # without TLS no authorities need to be read: 40 ms a run
        )
        weakref.finalize(self, self._http.close)  # an engine that is let go of keeps no connection
        self._deployments: dict[str, str] = {}
        self._lock = Lock()

    def set(self, flow: str, moment: datetime, name: str) -> None:
        """Schedule one run of a flow at a moment; the same name twice is one run.

        A deployment that was made anew since the last alarm has another id: a 404 is looked up again, once.

        Raises:
            Unavailable: when Prefect does not answer, refuses, or does not serve this flow.
        """
        alarm = _alarm(moment, name)
        with self._lock:
            answer = self._post(self._deployment(flow), alarm)
            if answer.status_code == httpx.codes.NOT_FOUND:
                answer = self._post(self._deployment(flow, anew=True), alarm)
        _id_in(_expect(answer, f"set an alarm for {flow}"))

    def close(self) -> None:
        """Give the connection back."""
        self._http.close()

    def _deployment(self, flow: str, *, anew: bool = False) -> str:
        if anew:
            self._deployments.pop(flow, None)
        if flow not in self._deployments:
            answer = self._call("GET", f"/deployments/name/{flow}/{DEPLOYMENT}")
            if answer.status_code == httpx.codes.NOT_FOUND:
                raise Unavailable(f"Prefect has no deployment {flow}/{DEPLOYMENT}: is the runner up?")
            self._deployments[flow] = _id_in(_expect(answer, f"find {flow}/{DEPLOYMENT}"))
        return self._deployments[flow]

    def _post(self, deployment: str, alarm: dict[str, object]) -> httpx.Response:
        path = f"/deployments/{deployment}/create_flow_run"
        answer = self._call("POST", path, alarm)
        for pause in PAUSES:
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            Event().wait(pause)
            answer = self._call("POST", path, alarm)
        return answer

    def _call(self, method: str, path: str, body: dict[str, object] | None = None) -> httpx.Response:
        try:
            return self._http.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise Unavailable(f"Prefect does not answer: {type(error).__name__}") from error


@dataclass(slots=True, kw_only=True)
class NullAlarms:
    """Alarms that are remembered and never ring: for tests, rehearsals and use without Prefect.

    `alarms` maps a name to (flow, moment in UTC).
    """

    alarms: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def set(self, flow: str, moment: datetime, name: str) -> None:
        """Remember it; the same name twice is one alarm."""
        _alarm(moment, name)
        self.alarms.setdefault(name, (flow, moment.astimezone(UTC)))

    def close(self) -> None:
        """Nothing to give back."""


def _alarm(moment: datetime, name: str) -> dict[str, object]:
    if moment.tzinfo is None:
        raise ValueError(f"an alarm without a zone: {name}")
    scheduled = {"scheduled_time": moment.astimezone(UTC).isoformat()}
    return {"idempotency_key": name, "name": name, "state": {"type": "SCHEDULED", "state_details": scheduled}}


def _credentials(auth_string: str, api_key: str) -> dict[str, str]:
    if api_key:
        return {"Authorization": f"Bearer {api_key}"}
    if auth_string:
        return {"Authorization": f"Basic {b64encode(auth_string.encode()).decode()}"}
    return {}


def _id_in(answer: httpx.Response) -> str:
    """The id of what was found or made; a proxy or a captive portal may answer 200 with something else."""
    try:
        return str(UUID(answer.json()["id"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unavailable("what answers at PREFECT_API_URL does not speak as Prefect does") from error


def _expect(answer: httpx.Response, what: str) -> httpx.Response:
    if not answer.is_success:
        raise Unavailable(f"Prefect refused to {what}: {answer.status_code}")
    return answer
