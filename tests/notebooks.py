"""The notebook in examples/: how it is run, and what of its outputs is kept.

`python tests/notebooks.py` (`make notebook`) runs it and keeps the outputs.
"""

from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parent.parent / "examples" / "notebook.ipynb"
SECONDS = 600  # that a cell may take on a busy machine


def run_notebook(folder: Path = NOTEBOOK.parent) -> Any:
    """The notebook with the outputs of a run in this folder."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    client = NotebookClient(
        notebook, timeout=SECONDS, kernel_name="python3", record_timing=False,
        resources={"metadata": {"path": str(folder)}},
    )  # fmt: skip
    client.execute()
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if "text/html" in output.get("data", {}):
                output.data.pop("text/plain")  # the same again, or an address in memory
    notebook.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return notebook


if __name__ == "__main__":
    nbformat.write(run_notebook(), NOTEBOOK)
