"""An interrupt ends a study at once, even while workers are handing over results: one may be ended in the middle."""

import subprocess
import sys

_STUDY = """
import sys
import time
from paysim.study.workers import pool_of

def main():
    with pool_of(2) as pool:
        answers = [pool.submit(bytes, 50_000_000) for _ in range(40)]
        answers[0].result()
        raise KeyboardInterrupt

if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("left", flush=True)
"""


def test_who_leaves_does_not_wait_for_the_rest_of_a_result() -> None:
    left = subprocess.run([sys.executable, "-c", _STUDY], capture_output=True, text=True, timeout=60)
    assert (left.returncode, left.stdout) == (0, "left\n")
