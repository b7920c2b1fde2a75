"""Forged replies: the attacker speaks to the grader in the place of the probe."""

from ..registry import code

#: Finds the descriptor of the channel and the number of the request that is being answered.
_FIND = """
import json
import os
import struct
import sys

def number():
    frame = sys._getframe()
    while frame is not None:
        request = frame.f_locals.get('request')
        if isinstance(request, dict) and 'number' in request:
            return request['number']
        frame = frame.f_back
    return 1

def frame_of(payload):
    return struct.pack('!I', len(payload)) + payload

def tell(raw):
    for descriptor in range(3, 12):
        try:
            if os.readlink(f'/proc/self/fd/{descriptor}').startswith('socket:'):
                os.write(descriptor, raw)
                return
        except OSError:
            continue
    try:
        os.write(3, raw)
    except OSError:
        pass

def plain(value):
    if isinstance(value, dict):
        return {'~': 'dict', 'items': [[k, plain(v)] for k, v in value.items()]}
    if isinstance(value, tuple):
        return {'~': 'tuple', 'items': [plain(v) for v in value]}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value

def outcome(value):
    return {'value': value, 'raised': None, 'changed': (), 'touched_global': False, 'seconds': 0.0}

def passed(which, value=0.0):
    seen = {'stopped': None, 'outcomes': [outcome(value)]}
    fields = {'number': which, 'seen': seen, 'points': 5.0, 'passed': True, 'ok': True, 'status': 'passed'}
    return frame_of(json.dumps(plain(fields)).encode())
"""


def _forged(name: str, source: str, before: str = "", **more: bool) -> None:
    body = "\n".join(f"    {line}" for line in source.strip().splitlines())
    answers = {n: f"def {n}(*a, **k):\n{body}\n    return 0.0" for n in ("double", "total", "apply")}
    code(name, "replies", _FIND + before, **answers, **more)  # type: ignore[arg-type]


_forged("a forged reply with the right number, and a claim of full points", "tell(passed(number()))\nos._exit(0)")
_forged("a forged reply, then the real one", "tell(passed(number()))")
_forged("a reply before it is asked for", "pass", "\ntell(passed(number()) + passed(number() + 1))\n")
_forged("a reply to another request", "tell(passed(number() + 1))\nos._exit(0)")
_forged("thousands of replies", "tell(passed(number()) * 3000)")
_forged("half a reply, then silence", "tell(passed(number())[:20])\nimport time\ntime.sleep(30)")
_forged("a reply that announces four gigabytes", "tell(struct.pack('!I', 2**32 - 1) + b'x' * 1000)\nos._exit(0)")
_forged("no reply: the channel is closed", "os.closerange(3, 20)")
_forged(
    "a reply that holds a reference and a stand-in",
    """
forged = {'~': 'dict', 'items': [['number', number()], ['seen', {'~': 'dict', 'items': [
    ['stopped', None], ['outcomes', [{'~': 'dict', 'items': [
        ['value', {'~': 'ref', 'call': 0, 'path': []}], ['raised', None], ['changed', {'~': 'tuple', 'items': []}],
        ['touched_global', False], ['seconds', 0.0]]}]]]}]]}
tell(frame_of(json.dumps(forged).encode()))
os._exit(0)
""",
)
_forged("a reply nested ten thousand deep", "tell(frame_of(b'[' * 10000 + b']' * 10000))\nos._exit(0)")
_forged(
    "a reply that says the reference raised what was expected",
    """
raised = {'type_name': 'ValueError', 'bases': ('ValueError', 'Exception', 'BaseException', 'object'), 'message': '',
          'line': ''}
fields = {'number': number(), 'seen': {'stopped': None, 'outcomes': [dict(outcome(None), raised=raised)]}}
tell(frame_of(json.dumps(plain(fields)).encode()))
os._exit(0)
""",
)
_forged(
    "a reply without any outcome",
    """
fields = {'number': number(), 'seen': {'stopped': None, 'outcomes': []}}
tell(frame_of(json.dumps(plain(fields)).encode()))
os._exit(0)
""",
)
code(
    "a forged reply to a cell, with a hundred thousand outputs",
    "replies",
    _FIND
    + """
fields = {'number': number(), 'outputs': [('text', '5.0')] * 100000, 'cut': False, 'raised': None}
tell(frame_of(json.dumps(plain(fields)).encode()))
os._exit(0)
""",
)
code(
    "a forged reply to a cell, with a picture that unpacks to ten gigabytes",
    "replies",
    _FIND
    + """
import base64
picture = b'\\x89PNG\\r\\n\\x1a\\n\\x00\\x00\\x00\\rIHDR' + struct.pack('!II', 100000, 100000) + b'x' * 50
fields = {'number': number(), 'outputs': [('png', base64.b64encode(picture).decode())], 'cut': False, 'raised': None}
tell(frame_of(json.dumps(plain(fields)).encode()))
os._exit(0)
""",
)
code(
    "the reply to one exercise is kept and sent again for another",
    "replies",
    _FIND
    + """
kept = []
old = os.write
import socket
sent = socket.socket.sendall

def sendall(self, data, *more):
    kept.append(bytes(data))
    return sent(self, data, *more)

try:
    socket.socket.sendall = sendall
except TypeError:
    pass
""",
    double="def double(z):\n    tell(b''.join(kept[-2:]))\n    return z - 1.0",
    total="def total(z):\n    tell(passed(number(), 8.0) + passed(number() + 1, 8.0))\n    os._exit(0)",
    apply="def apply(f, z, rng):\n    for which in range(number() + 1, number() + 50):\n        tell(passed(which, f(z).tolist()))",
)
