"""Attribution on real articles: are the outside sources named, and only those?

Reads the seeds (gold cue phrases) and the families (gold outside sources) of ../shared/data or
$DEDUP_DATA and prints: precision, recall and F1 of the seeds' cues by exact span, outlet and
role; the part of articles from outside whose source we name; the articles without a gold
outside source that get an outlet, to be read by eye; and the time per article.
Run: python -m benchmarks.attribution [--misses]
"""

import json
import sys
import time
from collections import defaultdict
from typing import Any

from benchmarks.data import DATA, load
from dedup.article import Article
from dedup.attribution import attributions, canonical
from dedup.text import Text, prepare


def main() -> None:
    """Print every figure; with --misses the articles behind them too."""
    if not (DATA / "seeds" / "derivation.json").is_file():
        sys.exit(f"no evaluation data in {DATA}; set DEDUP_DATA to the folder that has it")
    misses = "--misses" in sys.argv[1:]
    precision, recall, f1 = seeds()
    print(f"seed cues            precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}")
    families(misses)


def seeds() -> tuple[float, float, float]:
    """Precision, recall and F1 of the seeds' cue phrases: same span, outlet and role."""
    gold = json.loads((DATA / "seeds" / "derivation.json").read_text("utf-8"))
    wanted = {(c["doc"], c["begin"], c["end"], c["canonical"], c["role"]) for c in gold["cues"]}
    found = {
        (path.stem, a.begin, a.end, a.outlet, a.role)
        for path in sorted((DATA / "seeds").glob("*.txt"))
        for a in attributions(prepare(Article(path.stem, path.read_bytes().decode("utf-8"))))
        if a.kind == "outlet"
    }
    hits = len(wanted & found)
    return hits / max(len(found), 1), hits / len(wanted), 2 * hits / (len(found) + len(wanted))


def families(misses: bool) -> None:
    """How many outside sources are named, and who gets an outlet without one in the gold."""
    gold = load("families-gold")[0]
    outside: dict[str, set[str]] = defaultdict(set)
    for edge in gold["derivations"]:
        if edge["source"].startswith("external:"):
            outside[edge["derivative"]] |= names(edge["source"].removeprefix("external:"))
    texts = [(record, prepare(article(record))) for record in load("families")]
    for language in {text.language: text for _, text in texts}.values():
        attributions(language)  # the patterns of a language are compiled once
    begun = time.process_time()
    found = {record["id"]: outlets(text) for record, text in texts}
    seconds = time.process_time() - begun
    named = [key for key, wanted in outside.items() if wanted & found[key].keys()]
    print(
        f"outside sources      {len(named)}/{len(outside)} = {len(named) / len(outside):.3f} named"
    )
    extra = {k: v for k, v in found.items() if k not in outside and v}
    print(f"no outside source    {len(extra)}/{len(found) - len(outside)} get an outlet")
    print(f"time                 {1000 * seconds / len(texts):.2f} ms per article")
    if misses:
        for key in sorted(outside.keys() - set(named)):
            print(f"miss   {key}: {sorted(outside[key])}, found {sorted(found[key])}")
        for key, value in sorted(extra.items()):
            phrases = "; ".join(f"{name} ({phrase!r})" for name, phrase in sorted(value.items()))
            print(f"extra  {key}: {phrases}")


def names(source: str) -> set[str]:
    """The canonical names in a gold label such as 'AP "What Trump …"' or 'CNN wire (Vera)'."""
    plain = source.split(' "')[0].split(" (")[0]
    for word in (" wire", " blog", " hoax"):
        plain = plain.removesuffix(word)
    return {canonical(name) for name in plain.split("/")}


def outlets(text: Text) -> dict[str, str]:
    """The outlets that a text draws on, each with its first phrase."""
    found: dict[str, str] = {}
    for a in attributions(text):
        if a.kind == "outlet" and a.role != "self":
            found.setdefault(a.outlet, " ".join(text.article.text[a.begin : a.end].split()))
    return found


def article(record: dict[str, Any]) -> Article:
    """The article of a record; its domain stands for the address that is not given."""
    url = f"https://{record['domain']}/" if record["domain"] else None
    return Article(record["id"], record["text"], title=record["title"], url=url)


if __name__ == "__main__":
    main()
