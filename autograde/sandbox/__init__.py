"""Runs student code in a child process and reports plain values. Never imports the judge."""
