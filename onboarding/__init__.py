"""An onboarding engine for remote newcomers: ninety days of timed, kind, delivered steps."""

__version__ = "0.1.0"
