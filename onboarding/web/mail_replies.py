"""Where does SendGrid hand over mails that come back? With the right end of its address, or its signature."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Request

from onboarding.domain.errors import NotFound
from onboarding.domain.mail_replies import ReplyState
from onboarding.services import replying, waking
from onboarding.web.hooks import single_headers
from onboarding.web.limits import read_body
from onboarding.web.site import TheSite

router = APIRouter(prefix="/webhooks/sendgrid")


async def raw_body(request: Request, site: TheSite, path: str = "") -> bytes:
    """The bytes as they came, for the signature; nothing is read for whoever does not know the address.

    Raises:
        NotFound: the door is not set up, or the address ends in another secret.
        TooLarge: more than SendGrid sends.
    """
    if site.engine.reply_door is None:
        raise NotFound("nobody is set up to hand over mails: ONBOARDING_REPLIES_PATHS or ONBOARDING_REPLIES_KEY")
    return await read_body(request, site.engine.reply_door.admit(path))


@router.post("/inbound")
@router.post("/inbound/{path}")
def take_mail(
    request: Request, body: Annotated[bytes, Depends(raw_body)], site: TheSite, later: BackgroundTasks
) -> dict[str, str]:
    """Verify and take one mail.

    200 whatever became of it: SendGrid repeats what is answered with 5xx, and only a store, a mailer or a journey
    that does not work now can get better.
    """
    door, now = site.engine.reply_door, site.clock()
    if door is None:
        raise NotFound("nobody is set up to hand over mails")
    posted = door.read(single_headers(request), body, now)
    came = replying.take_posted(site.engine, posted.raw, now, doubt=posted.doubt)
    if came.new and came.reply.state is ReplyState.TAKEN:
        later.add_task(waking.wake_due, site.engine, now)
    return {"state": came.reply.state, "reason": came.reply.reason}
