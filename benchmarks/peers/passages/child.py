"""One tool at work on pairs of texts, in a process and an environment of its own.

    python -m benchmarks.peers.passages.child TOOL PAIRS OUT

Runs the tool in each of its settings over the pairs in the JSON file PAIRS. What it found goes
to OUT as JSON, by setting: a list of spans for each pair, and the CPU seconds that each took.
"""

import importlib
import json
import sys
import time
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path


def main() -> None:
    """Run one tool as the arguments say."""
    name, pairs, out = sys.argv[1], json.loads(Path(sys.argv[2]).read_text("utf-8")), sys.argv[3]
    tool = importlib.import_module(f"benchmarks.peers.passages.{name}")
    report = {}
    for title, setting in tool.SETTINGS.items():
        spans, seconds = [], []
        for pair in (pairs[0], *pairs):  # the first once more: what loads at first use
            start = time.process_time()
            with redirect_stdout(StringIO()):
                spans.append(tool.find(pair, **setting))
            seconds.append(time.process_time() - start)
        report[title] = {"spans": spans[1:], "seconds": seconds[1:]}
    Path(out).write_text(json.dumps(report), encoding="utf-8")


if __name__ == "__main__":
    main()
