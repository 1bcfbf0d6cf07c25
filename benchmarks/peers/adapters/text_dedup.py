"""text-dedup: its command `python -m text_dedup.minhash`, called in this process."""

import pickle
from pathlib import Path
from tempfile import TemporaryDirectory

from text_dedup.minhash import main  # type: ignore[import-not-found]

FOUND = "groups"


def find(texts: list[str], path: Path) -> list[int]:
    """A label an article."""
    with TemporaryDirectory() as folder:
        options = {
            "--path": "json",
            "--data_files": path,
            "--split": "train",
            "--cache_dir": f"{folder}/cache",
            "--output": f"{folder}/output",
            "--column": "text",
            "--ngram": 5,
            "--threshold": 0.7,
            "--num_perm": 128,
            "--batch_size": 10000,
        }
        arguments = [str(part) for option in options.items() for part in option]
        main([*arguments, "--debug"], standalone_mode=False)
        groups = pickle.loads((Path(folder) / "output" / "uf.pkl").read_bytes())
    return [int(groups.find(number)) for number in range(len(texts))]
