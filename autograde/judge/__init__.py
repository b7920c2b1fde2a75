"""Trusted: references, hidden cases and verdicts. Never imported where student code runs."""
