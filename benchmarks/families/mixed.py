"""Families whose gold is known by construction, among other news.

The versions of 509 WMT stories of 2021 (by people and by machines; the translations of one story
into one language are one family; a story's translations into two languages are one report too, and
count neither way, since what compares words cannot join them) among basil's triplets (one event,
three newsrooms: no family), and the same among the 21,578 dispatches of Reuters-21578, which are
not judged.
"""

from collections import Counter
from collections.abc import Sequence

from sklearn.metrics import adjusted_rand_score

from benchmarks.data import load, sent_on
from benchmarks.families.gold import Score
from benchmarks.families.grouping import MINHASH, Groups, best_single_link, grouped, minhash, tfidf
from dedup.article import Article
from dedup.embed import load_encoder

LARGEST = 20  # families of Reuters that are listed


def versions() -> tuple[list[Article], dict[str, str]]:
    """The versions of the WMT stories, and the story of each."""
    articles, story = [], {}
    for row in load("wmt-news-versions"):
        name = f"{row['set']}/{row['pair']}/{row['doc_id']}"
        for version, lines in row["versions"].items():
            if version != "src":
                article = Article(f"{name}/{version}", "\n".join(lines))
                articles.append(article)
                story[article.id] = name
    return articles, story


def triplets() -> tuple[list[Article], dict[str, str]]:
    """Basil's articles, each a family of its own, and the event of each."""
    articles, event = [], {}
    for row in load("basil"):
        text = "\n".join(line for paragraph in row["body-paragraphs"] for line in paragraph)
        articles.append(Article(row["id"], text))
        event[row["id"]] = row["triplet"]
    return articles, event


def dispatches() -> list[Article]:
    """Reuters' dispatches that have a body, with headline and date."""
    return [
        Article(f"reuters-{row['id']}", row["body"], row["title"], published=sent_on(row["date"]))
        for row in load("reuters21578")
        if row["body"]
    ]


def judge_mixed() -> dict[str, float]:
    """Print and return how well the versions are told among basil's triplets."""
    copies, story = versions()
    rivals, event = triplets()
    articles = [*copies, *rivals]
    print(f"\n{len(copies):,} versions of {len(set(story.values()))} stories, {len(rivals)} basil")
    print(f"{'':<46}prec   rec    F1     ARI    false joins in triplets")
    figures = _print("dedup", grouped(articles, load_encoder()), story, event)
    _print("dedup, no vectors", grouped(articles), story, event)

    def f1(groups: Groups) -> float:
        return _score(groups, story, event).f1

    _print("single-link TF-IDF, best threshold",
           best_single_link(articles, tfidf, f1), story, event)  # fmt: skip
    for threshold in MINHASH:
        _print(f"MinHash components, ≥ {threshold}", minhash(articles, threshold), story, event)
    return figures


def judge_reuters() -> None:
    """The same among Reuters' dispatches, and the largest families there."""
    copies, story = versions()
    rivals, event = triplets()
    news = dispatches()
    found = grouped([*copies, *rivals, *news])
    print(f"\nthe same among {len(news):,} dispatches of Reuters")
    _print("dedup", found, story, event)
    across = sum(
        any(id in story or id in event for id in group)
        and any(id not in story and id not in event for id in group)
        for group in found
    )
    print(f"families that have both dispatches and others: {across}")
    text = {article.id: article for article in news}
    own = [group for group in found if group[0] in text]
    print(f"{len(own):,} families of {sum(map(len, own)):,} dispatches; the {LARGEST} largest:")
    for group in sorted(own, key=lambda group: (-len(group), group))[:LARGEST]:
        print(f"\n{len(group)} dispatches: {', '.join(group)}")
        for id in group[:3]:
            print(f"  {id}: {text[id].title} | {' '.join(text[id].text.split())[:300]}")


def _score(groups: Groups, story: dict[str, str], event: dict[str, str]) -> Score:
    """Pairs of versions and basil's articles; `hard` counts those joined within a triplet."""
    right = wrong = hard = 0
    for group in groups:
        stories = Counter(story.get(id, id) for id in group if id in story or id in event)
        size, together = sum(stories.values()), sum(n * (n - 1) // 2 for n in stories.values())
        right += together
        wrong += size * (size - 1) // 2 - together - _in_two_languages(stories)
        events = Counter(event[id] for id in group if id in event)
        hard += sum(n * (n - 1) // 2 for n in events.values())
    total = sum(n * (n - 1) // 2 for n in Counter(story.values()).values())
    return Score(right, wrong, total - right, hard)


def _in_two_languages(stories: Counter[str]) -> int:
    """The pairs of versions of one document in two languages, of so many versions by story."""
    documents: Counter[tuple[str, ...]] = Counter()
    for name, count in stories.items():
        documents[_document(name)] += count
    pairs = sum(n * (n - 1) // 2 for n in documents.values())
    return pairs - sum(n * (n - 1) // 2 for n in stories.values())


def _document(story: str) -> tuple[str, ...]:
    """What is told: a story's name without its pair of languages; any other id itself."""
    return tuple(story.split("/", 2)[::2])


def _print(
    name: str, groups: Groups, story: dict[str, str], event: dict[str, str]
) -> dict[str, float]:
    score = _score(groups, story, event)
    ids: Sequence[str] = [*story, *event]
    label = {id: n for n, group in enumerate(groups) for id in group}
    index = adjusted_rand_score(
        [story.get(id, id) for id in ids], [str(label.get(id, id)) for id in ids]
    )
    print(f"{name:<46}{score.precision:.3f}  {score.recall:.3f}  {score.f1:.4f} {index:.3f}  "
          f"{score.hard:4d}")  # fmt: skip
    return {"pair_f1": score.f1, "rand_index": float(index), "triplets_joined": score.hard}
