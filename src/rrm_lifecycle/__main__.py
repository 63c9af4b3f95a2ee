"""Run ``python -m rrm_lifecycle`` as ``rrm``; without a verb it tells the demo."""

from __future__ import annotations

import sys

from rrm_lifecycle.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["demo"]))
