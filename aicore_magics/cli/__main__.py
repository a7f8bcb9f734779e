"""`python -m aicore_magics.cli`: what `jupyter aicore` runs."""

from __future__ import annotations

import sys

from aicore_magics.cli import main

sys.exit(main())
