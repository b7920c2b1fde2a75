"""``python -m autograde.check NOTEBOOK.ipynb``."""

import sys

from .notebook_file import main

sys.exit(main())
