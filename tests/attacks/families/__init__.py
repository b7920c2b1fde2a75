"""The attacks, a file for each family; importing this package fills the registry."""

from . import (
    bombs,
    files,
    forged_notebooks,
    gradebook,
    knowing,
    liars,
    network,
    pages,
    patches,
    processes,
    replies,
    second_memory,
    second_steering,
    second_values,
    shell,
    spying,
)

__all__ = [
    "bombs",
    "files",
    "forged_notebooks",
    "gradebook",
    "knowing",
    "liars",
    "network",
    "pages",
    "patches",
    "processes",
    "replies",
    "second_memory",
    "second_steering",
    "second_values",
    "shell",
    "spying",
]
