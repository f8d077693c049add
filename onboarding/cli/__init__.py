"""The command line: one call of one service each, printed for people or as JSON."""

from __future__ import annotations


def main() -> None:
    """Run `onboarding`; what is anticipated ends with one clear sentence and exit code 1."""
    from onboarding.cli.app import run  # noqa: PLC0415 -- importing the package does nothing

    run()
