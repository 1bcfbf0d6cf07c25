"""The five articles of seeds/: three of one cluster, and two that only look like them.

000 and 001 derive from 002, which credits ZDF; 003 and 004 come from elsewhere.
"""

from pathlib import Path

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
PATHS = {path.stem[:3]: path for path in sorted(SEEDS.glob("*.txt"))}
TEXTS = {number: path.read_text("utf-8") for number, path in PATHS.items()}
