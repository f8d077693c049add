"""Where does an identity provider (Okta, Entra) keep the accounts of our people? RFC 7644 at `/scim/v2`."""

from __future__ import annotations

import json
from typing import Annotated, NoReturn

from fastapi import APIRouter, BackgroundTasks, Depends, Request
from fastapi.responses import Response

from onboarding.domain.errors import BadSignature, NotFound
from onboarding.domain.scim import refused
from onboarding.services import accounts, receiving
from onboarding.services.accounts import Kept
from onboarding.web import scim_answers
from onboarding.web.limits import read_body
from onboarding.web.scim_answers import PREFIX
from onboarding.web.site import Site, TheSite


def admitted(request: Request, site: TheSite) -> Site:
    """The site, for a caller with one of the tokens; nothing of the body is read for others.

    Raises:
        NotFound: SCIM is not set up.
        BadSignature: the token is missing, another one, or given twice.
    """
    if site.engine.scim is None:
        raise NotFound("SCIM is not set up")
    shown = request.headers.getlist("authorization")
    if len(shown) != 1 or not site.engine.scim.admits(shown[0]):
        receiving.note_refusal(site.engine, accounts.SOURCE, site.clock())
        raise BadSignature("the bearer token is missing or another one")
    return site


Admitted = Annotated[Site, Depends(admitted)]


async def read_tree(request: Request, _site: Admitted) -> object:
    """The JSON of a body, whatever content type was announced.

    Raises:
        TooLarge: more than 1 MiB.
        ScimRefused: `invalidSyntax`, when it is no JSON (RFC 8259, so no NaN either).
    """
    body = await read_body(request, receiving.MAX_BODY)
    try:
        tree: object = json.loads(body.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise refused.unreadable("the body is not JSON") from error
    return tree


Tree = Annotated[object, Depends(read_tree)]

router = APIRouter(prefix=f"{PREFIX}/Users")


@router.get("")
def find_users(request: Request, site: Admitted) -> Response:
    """Accounts that meet a filter; an empty list when there are none: Entra tests its connection so."""
    query = request.query_params
    found = accounts.find(
        site.engine,
        query.get("filter", "").strip(),
        start=_number(query.get("startIndex"), "startIndex", 1),
        count=_number(query.get("count"), "count", 100),
    )
    return scim_answers.page(found, _address(site))


@router.post("")
def create_user(tree: Tree, site: Admitted, later: BackgroundTasks) -> Response:
    """Keep a new account."""
    now = site.clock()
    kept = accounts.create(site.engine, tree, now)
    later.add_task(receiving.wake, site.engine, now, now)
    return scim_answers.one(kept.account, _address(site), status=201)


@router.get("/{account_id}")
def show_user(account_id: str, request: Request, site: Admitted) -> Response:
    """One account; 304 when the caller has this version."""
    account = accounts.get(site.engine, account_id)
    if account.tag in [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers={"ETag": account.tag})
    return scim_answers.one(account, _address(site))


@router.put("/{account_id}")
def replace_user(
    account_id: str, request: Request, tree: Tree, site: Admitted, later: BackgroundTasks
) -> Response:
    """Replace an account."""
    now = site.clock()
    return _changed(site, accounts.put(site.engine, account_id, tree, now, match=_match(request)), later)


@router.patch("/{account_id}")
def change_user(account_id: str, request: Request, tree: Tree, site: Admitted, later: BackgroundTasks) -> Response:
    """Change parts of an account, all of them or none."""
    now = site.clock()
    return _changed(site, accounts.amend(site.engine, account_id, tree, now, match=_match(request)), later)


@router.delete("/{account_id}")
def delete_user(account_id: str, request: Request, site: Admitted, later: BackgroundTasks) -> Response:
    """End an account."""
    now = site.clock()
    accounts.delete(site.engine, account_id, now, match=_match(request))
    later.add_task(receiving.wake, site.engine, now, now)
    return Response(status_code=204)


def _changed(site: Site, kept: Kept, later: BackgroundTasks) -> Response:
    if kept.changed:
        now = site.clock()
        later.add_task(receiving.wake, site.engine, now, now)
    return scim_answers.one(kept.account, _address(site))


def _address(site: Site) -> str:
    return site.engine.company.public_url


def _match(request: Request) -> str:
    return request.headers.get("if-match", "")


def _number(text: str | None, name: str, otherwise: int) -> int:
    if text is None or not text.strip():
        return otherwise
    try:
        return int(text)
    except ValueError as error:
        raise refused.unfit(f"{name} must be a whole number") from error


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
