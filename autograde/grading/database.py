"""The gradebook's address, whether anything is there, and the beginning of several graders, one after the other."""

from __future__ import annotations

import contextlib
import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
import sqlalchemy.exc
from sqlalchemy.pool import NullPool

from autograde.judge.course import CourseError

#: The number of the lock that a grader holds while it begins; any number that nobody else uses.
_BEGINNING = 0x6175746F67726164
#: Seconds after which another grader's lock is taken for stuck; a beginning takes about one.
PATIENCE = 60


def checked_url(text: str) -> str:
    """The address of a gradebook's database, after a look at whether it answers. Raises ``CourseError``.

    ``postgresql://`` means the driver of the extra ``postgres``, where it is installed.
    """
    try:
        url = sa.make_url(text)
        if url.drivername in ("postgresql", "postgres") and importlib.util.find_spec("psycopg"):
            url = url.set(drivername="postgresql+psycopg")
        engine = sa.create_engine(url, poolclass=NullPool)
        if url.get_backend_name() != "sqlite":
            engine.connect().close()
    except ImportError as error:
        raise CourseError(
            f"The gradebook {shown_url(text)} needs a package that is not installed ({error.name}); for PostgreSQL: "
            "pip install '.[postgres]'"
        ) from None
    except sa.exc.ArgumentError:
        raise CourseError(
            "The gradebook's address is not one that nbgrader understands. For example: "
            "postgresql://user:password@host/gradebook"
        ) from None
    except sa.exc.DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise CourseError(
            f"The gradebook {shown_url(text)} does not answer ({reason}). Is the server there, and the database made "
            "(createdb)?"
        ) from None
    return url.render_as_string(hide_password=False)


def shown_url(text: str) -> str:
    """The address as it may be printed: without the password."""
    try:
        return sa.make_url(text).render_as_string(hide_password=True)
    except sa.exc.ArgumentError:
        return "(an address that cannot be read)"


def has_gradebook(db_url: str) -> bool:
    """Whether something was graded into the database by this package before; nothing is made by asking."""
    return {"submitted_assignment", "autograde_graded", "autograde_assignment"} <= _tables(db_url)


def is_empty(db_url: str) -> bool:
    """Whether the database has no table yet; nothing is made by asking."""
    return not _tables(db_url)


def _tables(db_url: str) -> set[str]:
    url = sa.make_url(db_url)
    if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).is_file()):
        return set()
    engine = sa.create_engine(url)
    try:
        return set(sa.inspect(engine).get_table_names())
    finally:
        engine.dispose()


@contextlib.contextmanager
def beginning(db_url: str) -> Iterator[None]:
    """While tables and assignments are made: no other grader does that. The lock goes with the process that holds it.

    nbgrader takes a notebook's cells out of the gradebook and puts them in again as long as nobody's submission is
    there. Raises ``CourseError`` when another grader does not come to an end.
    """
    url = sa.make_url(db_url)
    with contextlib.ExitStack() as stack:
        if url.get_backend_name() == "postgresql":
            engine = sa.create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
            connection = stack.enter_context(engine.connect())
            connection.execute(sa.text(f"SET lock_timeout = '{PATIENCE}s'"))
            try:
                connection.execute(sa.text(f"SELECT pg_advisory_lock({_BEGINNING})"))
            except sa.exc.OperationalError:
                raise CourseError(
                    f"Another grader has been beginning for {PATIENCE} s; end it if it hangs, and try again."
                ) from None
        elif url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
            _lock_folder(Path(str(url.database)).parent, stack)
        yield


def _lock_folder(folder: Path, stack: contextlib.ExitStack) -> None:
    """Hold a lock on the database's folder; nothing where the system has none."""
    with contextlib.suppress(ImportError, OSError):
        import fcntl

        descriptor = os.open(folder, os.O_RDONLY)
        stack.callback(os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
