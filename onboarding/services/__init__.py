"""Use cases: read, decide (domain), write."""
