"""Where does SendGrid hand over mails that come back? With the right end of its address, or its signature."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Request

from onboarding.domain.errors import BadSignature, NotFound, TooSlow, Unavailable
from onboarding.domain.mail_replies import ReplyState
from onboarding.services import replying, waking
from onboarding.web.hooks import single_headers
from onboarding.web.limits import SlowForNow, read_body
from onboarding.web.site import TheSite

router = APIRouter(prefix="/webhooks/sendgrid")


async def raw_body(request: Request, site: TheSite, path: str = "") -> bytes:
    """The bytes as they came, for the signature; nothing is read for whoever does not know the address.

    Raises:
        NotFound: the door is not set up, or the address ends in another secret.
        TooLarge: more than SendGrid sends.
        SlowForNow: not all of it came in time.
    """
    if site.engine.reply_door is None:
        raise NotFound("nobody is set up to hand over mails: ONBOARDING_REPLIES_PATHS or ONBOARDING_REPLIES_KEY")
    try:
        return await read_body(request, site.engine.reply_door.admit(path))
    except TooSlow as error:
        raise SlowForNow(str(error)) from error


@router.post("/inbound")
@router.post("/inbound/{path}")
def take_mail(
    request: Request, body: Annotated[bytes, Depends(raw_body)], site: TheSite, later: BackgroundTasks
) -> dict[str, str]:
    """Verify and take one mail.

    200 whatever became of it. SendGrid repeats for three days what is answered with 5xx, and drops at once what is
    answered with 4xx, telling nobody
    (https://support.sendgrid.com/hc/en-us/articles/46513815674395-Understanding-Inbound-Parse-Webhook-Retry-Logic).
    So 503 is for whatever can get better: a store, a mailer or a journey that does not work now, and a signature
    that does not fit our key, because whoever has changed the one forgets the other.
    """
    door, now = site.engine.reply_door, site.clock()
    if door is None:
        raise NotFound("nobody is set up to hand over mails")
    try:
        posted = door.read(single_headers(request), body, now)
    except BadSignature as error:
        raise Unavailable(f"{error}; repeat it until the key of the settings is the one of the policy") from error
    came = replying.take_posted(site.engine, posted.raw, now, doubt=posted.doubt)
    if came.new and came.reply.state is ReplyState.TAKEN:
        later.add_task(waking.wake_due, site.engine, now)
    return {"state": came.reply.state, "reason": came.reply.reason}
