"""What is published: the wheel and the source distribution, and what they say of themselves."""

import re
import subprocess
import sys
import tarfile
import zipfile
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

import dedup

pytest.importorskip("hatchling", reason="hatchling is not installed: pip install -e '.[dev]'")

ROOT = Path(__file__).parent.parent
DATA = ROOT / "dedup" / "data"
# What only a clone needs, and the articles, which belong to their publishers.
LEFT_OUT = re.compile(r"seeds/|\.gitattributes$|\.pre-commit-config\.yaml$")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both distributions."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> dict[str, bytes]:
    """The files of the wheel, by path."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as file:
        return {name: file.read(name) for name in file.namelist()}


@pytest.fixture(scope="module")
def metadata(wheel: dict[str, bytes]) -> Message:
    """What the wheel says of itself."""
    return message_from_bytes(next(v for k, v in wheel.items() if k.endswith("/METADATA")))


def tracked() -> set[str]:
    """The files of the project, as git lists them."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git clone, so there is no list of its files")
    names = set(listed.stdout.decode().split("\0")) - {""}
    return {name for name in names if (ROOT / name).is_file()}


def test_the_source_distribution_has_all_but_the_seed_articles(built: Path) -> None:
    """Nothing else is left out, and nothing that lies about in a clone comes in."""
    with tarfile.open(next(built.glob("*.tar.gz"))) as file:
        names = {name.partition("/")[2] for name in file.getnames()}
    assert names - {"PKG-INFO"} == {name for name in tracked() if not LEFT_OUT.match(name)}


def test_the_wheel_has_the_package_and_nothing_else(wheel: dict[str, bytes]) -> None:
    """Data, templates and the mark of a typed package among it."""
    names = {name for name in wheel if ".dist-info/" not in name}
    assert names == {name for name in tracked() if name.startswith("dedup/")}


@pytest.mark.seeds
def test_the_package_has_no_article(wheel: dict[str, bytes]) -> None:
    """Under whatever name; the README quotes some lines."""
    from seeds import TEXTS

    openings = [" ".join(text.split())[:60].encode() for text in TEXTS.values()]
    files = {name: wheel[name] for name in wheel if name.startswith("dedup/")}
    assert not [name for name in files for opening in openings if opening in files[name]]


def test_what_an_index_of_packages_shows_leads_nowhere_that_is_not_there(metadata: Message) -> None:
    """The README without pictures and relative links, which only a clone can follow."""
    shown = metadata.get_payload()
    assert isinstance(shown, str)
    assert "dedup report seeds/" in shown
    assert "](" not in re.sub(r"\]\(https?://[^)]+\)", "", shown)
    assert "<!--" not in shown
    assert "pip install 'dedup-news[readers]'" in shown


def test_the_metadata_names_what_is_true(metadata: Message) -> None:
    """Version, licences with their texts, and the Pythons that .ci/versions tries."""
    assert metadata["Version"] == dedup.__version__
    assert metadata["License-Expression"] == "Apache-2.0 AND Unicode-3.0 AND LicenseRef-WordNet"
    assert metadata.get_all("License-File") == ["LICENSE", "dedup/data/LICENSES.md"]
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(metadata.get_all("Classifier", [])))
    (tried,) = re.findall(
        r"^for version in (.+); do", (ROOT / ".ci" / "versions").read_text(), re.M
    )
    assert named == tried.split()
    assert metadata["Requires-Python"] == f">={named[0]}"


def test_every_file_of_data_says_where_it_is_from() -> None:
    """dedup/data/LICENSES.md lists each once, and none that is gone."""
    page = (DATA / "LICENSES.md").read_text("utf-8")
    listed = re.findall(r"`([\w./-]+\.(?:toml|json|txt|sql|npz))`", page)
    files = {str(p.relative_to(DATA)) for p in DATA.rglob("*") if p.is_file() and p.suffix != ".md"}
    assert sorted(listed) == sorted(files)


def test_the_texts_of_foreign_licences_are_there() -> None:
    """Unicode's in the list, WordNet's at the head of its files."""
    page = (DATA / "LICENSES.md").read_text("utf-8")
    assert "this copyright and permission notice appear" in page
    assert "WordNet 3.1 Copyright 2011 by Princeton University" in (
        DATA / "antonyms.txt"
    ).read_text("utf-8")
    assert "WordNet 3.0 Copyright 2006 by Princeton University" in (DATA / "things.txt").read_text(
        "utf-8"
    )
