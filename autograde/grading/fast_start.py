"""Imported first by the commands and processes that grade: nbgrader is then there in half the time.

jsonschema looks for a package that checks internationalised addresses and takes more than a second to be imported,
longer than all of nbgrader. Nothing that is graded is checked for such addresses. An entry of None tells Python that
there is no such module (The Python Language Reference, 5.3.1), and jsonschema does without it.
"""

from __future__ import annotations

import sys
from typing import Any

_modules: dict[str, Any] = sys.modules
_modules.setdefault("rfc3987_syntax", None)
