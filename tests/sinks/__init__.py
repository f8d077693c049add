"""Where do tests send real mail? Real servers on free loopback ports that can also misbehave."""

from tests.sinks.behaviour import CUT, LOOPBACK, STALL, closed_port
from tests.sinks.sendgrid import Answer, SendGridSink, refusal
from tests.sinks.smtp import Received, SmtpSink
from tests.sinks.tls import client_tls, server_tls

__all__ = [
    "CUT",
    "LOOPBACK",
    "STALL",
    "Answer",
    "Received",
    "SendGridSink",
    "SmtpSink",
    "client_tls",
    "closed_port",
    "refusal",
    "server_tls",
]
