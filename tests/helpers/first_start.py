"""A process that claims to be the instance, says so, and then does nothing: run it, kill it."""

from __future__ import annotations

import sys
import time

from app import reach

if __name__ == "__main__":
    print(reach.claim(), flush=True)
    time.sleep(float(sys.argv[1]))
