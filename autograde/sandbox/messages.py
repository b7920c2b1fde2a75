"""Length-prefixed messages over a socket: a size cap on every one, a deadline on every wait.

A message is four bytes, its length in network order, and as many bytes of codec data.
"""

from __future__ import annotations

import socket
import struct
import time

_HEAD = struct.Struct("!I")
_CHUNK = 2**18


class ChannelError(Exception):
    """Base of what can go wrong on a channel."""


class ChannelClosedError(ChannelError):
    """The other side is gone, or gave up in the middle of a message."""


class DeadlineError(ChannelError):
    """The message was not sent or received by its deadline."""


class TooLongError(ChannelError):
    """The other side announced a message longer than is allowed."""


class Channel:
    """One end of a connected stream socket. ``deadline`` is a ``time.monotonic`` value; None waits for ever."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock

    def send(self, *payloads: bytes, deadline: float | None = None) -> None:
        """Send one message or several, at once: the other side would wake up for each."""
        self._wait(deadline)
        self._send(b"".join(part for payload in payloads for part in (_HEAD.pack(len(payload)), payload)))

    def receive(self, limit: int, deadline: float | None = None) -> bytes:
        """Receive one message of at most ``limit`` bytes."""
        (length,) = _HEAD.unpack(self._exactly(_HEAD.size, deadline))
        if length > limit:
            raise TooLongError(f"a message of {length} bytes, more than the {limit} allowed")
        return self._exactly(length, deadline)

    def send_with_descriptor(self, payload: bytes, descriptor: int, deadline: float | None = None) -> None:
        """Send one message and, with its first byte, an open file to the process on the other side."""
        self._wait(deadline)
        try:
            socket.send_fds(self.socket, [_HEAD.pack(len(payload))], [descriptor])
        except OSError as error:
            raise ChannelClosedError(f"the descriptor could not be sent: {error}") from None
        self._wait(deadline)
        self._send(payload)

    def receive_with_descriptor(self, limit: int) -> tuple[bytes, int | None]:
        """The counterpart of ``send_with_descriptor``; None where the message came without a descriptor."""
        self._wait(None)
        try:
            first, descriptors, _, _ = socket.recv_fds(self.socket, 1, 1)
        except OSError as error:
            raise ChannelClosedError(f"nothing can be received: {error}") from None
        if not first:
            raise ChannelClosedError("the other side closed the channel")
        (length,) = _HEAD.unpack(first + self._exactly(_HEAD.size - 1, None))
        if length > limit:
            raise TooLongError(f"a message of {length} bytes, more than the {limit} allowed")
        return self._exactly(length, None), descriptors[0] if descriptors else None

    def has_unread(self) -> bool:
        """Whether something lies unread, the end of the stream aside. Nothing should, between messages."""
        try:
            self.socket.settimeout(0)
            return bool(self.socket.recv(1, socket.MSG_PEEK))
        except OSError:
            return False

    def close(self) -> None:
        """Close the socket."""
        self.socket.close()

    def _send(self, data: bytes) -> None:
        try:
            # The time-out of sendall counts for all of the data, however slowly it is read.
            self.socket.sendall(data)
        except TimeoutError:
            raise DeadlineError("the message was not taken in time") from None
        except OSError as error:
            raise ChannelClosedError(f"the message could not be sent: {error}") from None

    def _exactly(self, count: int, deadline: float | None) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            self._wait(deadline)
            try:
                part = self.socket.recv(min(count - len(parts), _CHUNK))
            except TimeoutError:
                raise DeadlineError("no complete message in time") from None
            except OSError as error:
                raise ChannelClosedError(f"nothing can be received: {error}") from None
            if not part:
                raise ChannelClosedError("the other side closed the channel")
            parts += part
        return bytes(parts)

    def _wait(self, deadline: float | None) -> None:
        """Set the socket's time-out to what is left until the deadline."""
        if deadline is None:
            left = None
        else:
            left = deadline - time.monotonic()
            if left <= 0:
                raise DeadlineError("the deadline has passed")
        try:
            self.socket.settimeout(left)
        except OSError as error:
            raise ChannelClosedError(f"the socket is closed: {error}") from None
