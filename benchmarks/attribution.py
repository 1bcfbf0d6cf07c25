"""Attribution on real articles: are the outside sources named, and only those?

Reads ../shared/data or $DEDUP_DATA and prints: precision, recall and F1 of the seeds' cues by
exact span, outlet and role; the part of the families' articles from outside whose source we
name, in the text itself or with what is inherited from a copy; how many inherited sources are
right; the articles without a gold outside source that get an outlet, to be read by eye; the time
per article. Then, where there is no gold: of the outlets that a story's English version
attributes something to, sentence by sentence, how many are found in the human translation of
that sentence, by language, and the other way round. English misses some too and translators
drop some, so this is agreement, a floor of recall; it is shown for the half of the stories that
cues were read on and for the half that judges.

`credits` judges what `compare` prints for each of 160 articles alone, as read by hand: of the
outlets that it has its report from, how many are printed as outside sources (at .5 or more); of
the outside sources printed, how many are so; of the articles without any, how many get none; and
how many of the statement sources are found.
`polnear` has every attribution marked in US news: of the outlets that are a marked source, how
many are found, and of the outlets that are found in sentences, how many touch a mark.
Run: python -m benchmarks.attribution [--misses]
"""

import json
import re
import sys
import time
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import accumulate
from typing import Any

from benchmarks.data import DATA, fitted_on, load
from dedup.article import Article
from dedup.attribution import (
    Attribution,
    attributions,
    canonical_name,
    inherited_credits,
    outlet_key,
)
from dedup.attribution.outlets import find_outlet
from dedup.pipeline import compare
from dedup.text import Text, prepare

MARK = re.compile(r"T\d+\t(Source|Cue|Content|Attribution) ([\d ;]+)\t(.*)")
NO_NAME = re.compile(r"^[Tt]he\s|['’]s?$")
FORMS = {"attributes": "report", "attributes-via": "second-hand", "links": "link"}
LANGUAGES = {
    "deu": "de", "fra": "fr", "spa": "es", "por": "pt", "ita": "it", "pol": "pl", "rus": "ru",
    "ukr": "uk", "nld": "nl", "eng": "en",
}  # fmt: skip


def main() -> None:
    """Print every figure; with --misses the articles behind them too."""
    if not (DATA / "seeds" / "derivation.json").is_file():
        sys.exit(f"no evaluation data in {DATA}; set DEDUP_DATA to the folder that has it")
    misses = "--misses" in sys.argv[1:]
    precision, recall, f1 = seeds()
    print(f"seed cues            precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}")
    for name, value in (*credits(misses).items(), *polnear().items()):
        print(f"{name:<20} {value:.3f}")
    families(misses)
    languages()


def seeds() -> tuple[float, float, float]:
    """Precision, recall and F1 of the seeds' cue phrases: same span, outlet and role."""
    gold = json.loads((DATA / "seeds" / "derivation.json").read_text("utf-8"))
    wanted = {
        (c["doc"], c["begin"], c["end"], c["canonical"], FORMS.get(c["role"], c["role"]))
        for c in gold["cues"]
    }
    found = {
        (path.stem, a.begin, a.end, a.outlet, "self" if a.role == "self" else a.form)
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
    relatives = inherited(gold["families"], {r["id"]: text for r, text in texts})
    kept = [key for key, wanted in outside.items() if wanted & (found[key].keys() | relatives[key])]
    print(f"with those carried   {len(kept)}/{len(outside)} = {len(kept) / len(outside):.3f} named")
    known = [
        (key, outlet) for key, outlets in relatives.items() if key in outside for outlet in outlets
    ]
    right = sum(outlet in outside[key] for key, outlet in known)
    unknown = sum(len(outlets) for key, outlets in relatives.items() if key not in outside)
    print(
        f"carried              {right}/{len(known)} right; {unknown} where the gold has no source"
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


def credits(misses: bool = False) -> dict[str, float]:
    """The figures of the articles whose origins were read by hand, surely."""
    texts = {("basil", f"basil/{n}"): story(f"basil/{n}", r) for n, r in enumerate(load("basil"))}
    for part in ("families-b", "families-c"):
        texts |= {(part, record["id"]): article(record) for record in load(part)}
    counts: Counter[str] = Counter()
    for read in load("credits"):
        if not read["sure"]:
            continue
        (alone,) = compare([texts[read["set"], read["id"]]], encoder=None).singletons
        counts.update(judge_statements(read, alone.attributions))
        printed = {
            outlet_key(edge.source.removeprefix("external:")): edge.source
            for edge in alone.derivations
            if edge.confidence >= 0.5
        }
        origins = {outlet_key(name) for name in read["origins"]}
        stated = {outlet_key(name) for name in read["statement_sources"]}
        counts.update(
            origins=len(origins),
            named=len(origins & printed.keys()),
            printed=len(printed.keys() - stated),
            none=not origins | stated,
            left_alone=not origins | stated | printed.keys(),
        )
        if misses and origins ^ printed.keys():
            print(f"credits {read['id']}: {read['origins']}, printed {sorted(printed.values())}")
    return {
        "origins_named": counts["named"] / counts["origins"],
        "printed_right": counts["named"] / max(counts["printed"], 1),
        "left_alone": counts["left_alone"] / counts["none"],
        "statements_named": counts["statements_named"] / counts["statements"],
    }


def judge_statements(read: dict[str, Any], found: Iterable[Attribution]) -> Counter[str]:
    """How many of the statement sources read are found: at one of their places, or by name."""
    ours = [place for place in found if place.kind == "statement"]
    counts: Counter[str] = Counter()
    for source in read["statement_sources"]:
        spans = [(m["begin"], m["end"]) for m in read["mentions"] if m["canonical"] == source]
        counts["statements"] += 1
        counts["statements_named"] += any(
            outlet_key(place.outlet) == outlet_key(source)
            or any(place.begin < end and begin < place.end for begin, end in spans)
            for place in ours
        )
    return counts


def polnear() -> dict[str, float]:
    """How many outlets that are marked as sources are found, and how many of those found in
    sentences touch a mark."""
    counts: Counter[str] = Counter()
    for record in load("polnear"):
        marks: list[tuple[str, int, int, str]] = []
        for line in "\n".join(record["annotations"]).splitlines():
            if mark := MARK.match(line):
                parts = [tuple(map(int, part.split())) for part in mark[2].split(";")]
                marks += [(mark[1], begin, end, mark[3]) for begin, end in parts]
        found = [
            a
            for a in attributions(prepare(Article(record["id"], record["text"])))
            if a.kind == "outlet" and a.role in ("origin", "cites") and a.in_words
        ]
        for kind, begin, end, words in marks:
            name = NO_NAME.sub("", words)
            if kind == "Source" and name[:1].isupper() and len(name) > 1 and find_outlet(name):
                counts["sources"] += 1
                counts["found"] += any(a.begin < end and begin < a.end for a in found)
        counts["given"] += len(found)
        counts["touch"] += sum(
            any(b < a.end and a.begin < e for _, b, e, _ in marks) for a in found
        )
    return {
        "marked_found": counts["found"] / counts["sources"],
        "found_marked": counts["touch"] / counts["given"],
    }


def names(source: str) -> set[str]:
    """The canonical names in a gold label such as 'AP "What Trump …"' or 'CNN wire (Vera)'."""
    plain = source.split(' "')[0].split(" (")[0]
    for word in (" wire", " blog", " hoax"):
        plain = plain.removesuffix(word)
    return {canonical_name(name) for name in plain.split("/")}


def outlets(text: Text) -> dict[str, str]:
    """The outlets that a text draws on, each with its first phrase."""
    found: dict[str, str] = {}
    for a in attributions(text):
        if a.role == "origin":
            found.setdefault(a.outlet, " ".join(text.article.text[a.begin : a.end].split()))
    return found


def inherited(families: dict[str, list[str]], texts: dict[str, Text]) -> dict[str, set[str]]:
    """The outlets that the members of each gold family have from a relative's credit."""
    found: dict[str, set[str]] = defaultdict(set)
    for members in families.values():
        family = [texts[member] for member in members]
        for credit in inherited_credits(family, [attributions(text) for text in family]):
            found[members[credit.member]].add(credit.outlet)
    return found


def languages() -> None:
    """Agreement between a story's English version and its others, by language."""
    versions: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for record in (*load("newstest"), *load("ntrex")):
        language = LANGUAGES.get(record["lang"].split("-")[0], record["lang"])
        if language in LANGUAGES.values():
            versions[record["doc_id"]].setdefault(language, record["sentences"])
    counts: dict[tuple[bool, str], Counter[str]] = defaultdict(Counter)
    for story, texts in sorted(versions.items()):
        if "en" not in texts:
            continue
        english = by_sentence(texts.pop("en"), "en")
        for language, sentences in texts.items():
            theirs = by_sentence(sentences, language)
            count = counts[fitted_on(story), language]
            count.update(
                stories=1, english=len(english), theirs=len(theirs), both=len(english & theirs)
            )
    print("found in English and in the translation; and the reverse (read half | judging half)")
    for language in sorted({language for _, language in counts}):
        halves = []
        for fitted in (True, False):
            c = counts[fitted, language]
            halves.append(
                f"{c['stories']:4} stories  {c['both']:3}/{c['english']:3} = "
                f"{c['both'] / max(c['english'], 1):.2f}  {c['both']:3}/{c['theirs']:3} = "
                f"{c['both'] / max(c['theirs'], 1):.2f}"
            )
        print(f"{language:<4}{halves[0]}   |{halves[1]}")


def by_sentence(sentences: list[str], language: str) -> set[tuple[int, str]]:
    """The outlets attributed to, each with the number of its sentence."""
    lines = [" ".join(sentence.split()) for sentence in sentences]
    begins = [0, *accumulate(len(line) + 2 for line in lines)]
    text = prepare(Article("a", "\n\n".join(lines), language=language))
    return {
        (bisect_right(begins, a.begin) - 1, a.outlet)
        for a in attributions(text)
        if a.kind == "outlet" and not a.outlet.startswith("(")
    }


def story(id: str, record: dict[str, Any]) -> Article:
    """A story of basil; its paragraphs are lists of sentences."""
    text = "\n\n".join(" ".join(sentences) for sentences in record["body-paragraphs"])
    return Article(id, text, title=record.get("title"), url=record.get("url"))


def article(record: dict[str, Any]) -> Article:
    """The article of a record; its domain stands for the address that is not given."""
    url = record.get("url") or (f"https://{record['domain']}/" if record["domain"] else None)
    return Article(record["id"], record["text"], title=record["title"], url=url)


if __name__ == "__main__":
    main()
