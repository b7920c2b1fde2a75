"""Imported first by every command and by the processes that grade, before NumPy and nbgrader are.

NumPy then has one thread for linear algebra. As many processes grade as there are cores, and threads that wait for one
another made two of them as slow as one. In `autograde lab` more threads would change last digits against the solutions,
and train small networks slower on a busy machine.

nbgrader is there in half the time. jsonschema looks for a package that checks internationalised addresses and takes
more than a second to be imported, longer than all of nbgrader. Nothing that is graded is checked for such addresses. An
entry of None tells Python that there is no such module (The Python Language Reference, 5.3.1), and jsonschema does
without it.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from autograde.sandbox.threads import ONE_THREAD

for _name, _value in ONE_THREAD.items():
    os.environ.setdefault(_name, _value)
_modules: dict[str, Any] = sys.modules
_modules.setdefault("rfc3987_syntax", None)
