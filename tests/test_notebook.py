"""The notebook in examples/ runs, and what it shows is what it gives."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from seeds import SEEDS

pytest.importorskip("pandas", reason="pandas is not installed")
nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed")
pytest.importorskip("nbclient", reason="nbclient is not installed")

from notebooks import NOTEBOOK, run_notebook  # noqa: E402

MAX_BYTES = 40_000  # of the file: the report itself is not in it


def shown(notebook: Any) -> list[str]:
    """What each output shows: versions of pandas and IPython differ in tags and styles."""
    texts = []
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            page = re.sub(r"<style.*?</style>", " ", data.get("text/html", ""), flags=re.DOTALL)
            frame = re.findall(r'src="([^"]*)"', page)
            plain = unescape(re.sub(r"<[^>]*>", " ", page)) or data.get("text/plain", str(output))
            texts.append(" ".join([*frame, *plain.split()]))
    return texts


@pytest.mark.slow
def test_the_notebook_gives_what_is_kept_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every cell runs, the tables are the same, and the report lies beside it."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    folder = tmp_path / "examples"
    folder.mkdir()
    (tmp_path / "seeds").symlink_to(SEEDS)
    kept = nbformat.read(NOTEBOOK, as_version=4)
    assert shown(run_notebook(folder)) == shown(kept), "run: make notebook"
    assert "</html>" in (folder / "report.html").read_text("utf-8")


def test_the_notebook_is_small_and_valid() -> None:
    """It can be read in a diff, and has outputs for those who cannot run it."""
    assert NOTEBOOK.stat().st_size < MAX_BYTES
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs for cell in code)
    assert not [output for cell in code for output in cell.outputs if output.output_type == "error"]
