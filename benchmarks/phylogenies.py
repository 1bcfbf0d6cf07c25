"""Simulated phylogenies over real text: who copied from whom is known, because it was made.

The material are stories in several versions: WMT 2021 (human and machine translations, line by
line), PorSimples (the original and its two simplifications) and remix (source and reworded
passages). A `Trial` has the articles of a cluster and the sources of each. An article is made
from its source's lines: some are cut, some replaced by the wording of a version that the
article's desk keeps to (in PorSimples by a simpler one), some moved, and lines of the story
that the source lacks are added. So every word was written by people or translation systems
that knew nothing of this; only who copied from whom is ours. Shapes: chain, star, tree, two
sources, a missing member, credits in real phrases, an agency's wire; dates: clean, noisy,
none. The same seed makes the same clusters.

What it cannot show: how newsrooms really edit. Lengths, cuts and rates are assumptions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random

from benchmarks.data import load
from dedup.article import Article

SHAPES = ("chain", "star", "tree", "two parents", "missing", "credits", "wire")
CLOCKS = ("clean", "noisy", "none")
MEMBERS = (3, 7)
LEAST_LINES = 12
BACKGROUND = 10  # lines of another story that desks may add
CUT, MOVED = 0.35, 0.2  # a desk cuts up to this share of lines, moves one this often
REWORDED = (0.1, 0.7)  # the share of lines that a desk rewords, and …
TRIMMED = 0.3  # up to this share of lines loses its last clause
LEAST_REWORDED = 2  # … at least so many lines, where a second wording is at hand
ADDED = (1, 3)  # lines
LEAST_NEW = 3  # lines in words of its own; a desk that has fewer makes no article
LAG = 6.0  # mean hours from a source to what is taken from it
STALE, STALE_BY = 0.25, 24.0  # noisy: share of stamps that are an update's, mean hours late
DAY_ONLY = 0.3  # noisy: share of stamps without an hour
CREDITED, MISCREDITED = 0.7, 0.05  # how often a desk names its source; how often another

# How derivatives name their source at the end of a sentence, as the families' articles do.
CREDITS = {
    "en": (", {} reported.", ", according to {}.", ", as reported by {}."),
    "de": (", berichtet {}.", ", wie {} berichtet.", ", wie {} meldet."),
    "fr": (", rapporte {}.", ", selon {}.", ", a indiqué {}."),
    "pt": (", informou {}.", ", segundo {}.", ", de acordo com {}."),
}
OUTLETS = (
    "The Guardian", "Le Monde", "Der Spiegel", "The Moscow Times", "CNN", "BBC", "Politico",
    "The New York Times", "The Washington Post", "El País", "ZDF", "Le Figaro", "CBS News",
)  # fmt: skip
WIRES = ("PARIS (AP) — ", "BERLIN (Reuters) - ", "MOSCOW (AFP) — ")


Edges = set[tuple[int, int]]


@dataclass(frozen=True)
class Story:
    """Lines in versions: `lines[i]` are wordings of one line; None where a version lacks it.

    The lines from number `own` on are background, from another story. `ordered`: a later
    version is made from the one before, never the other way round.
    """

    id: str
    set: str
    language: str
    lines: tuple[tuple[str | None, ...], ...]
    ordered: bool = False
    own: int = 0


@dataclass(frozen=True)
class Trial:
    """A family and its truth.

    `parents[v]` are the numbers of v's parents, the main one first, () where it is unseen;
    None where that is not known. `gold` maps nothing else.
    """

    set: str
    story: str
    regime: str
    articles: tuple[Article, ...]
    parents: tuple[tuple[int, ...] | None, ...]

    def edges(self) -> Edges:
        return {(u, v) for v, own in enumerate(self.parents) for u in own or ()}


# -- material --------------------------------------------------------------------------------


def stories() -> Iterator[Story]:
    """All stories that have lines enough, each with background from the next of its kind."""
    made = [s for s in (*_versions(), *_simplified(), *_remixed()) if len(s.lines) >= LEAST_LINES]
    kinds: dict[tuple[str, str, int], list[Story]] = {}
    for story in made:
        kinds.setdefault((story.set, story.language, len(story.lines[0])), []).append(story)
    for alike in kinds.values():
        for story, other in zip(alike, (*alike[1:], alike[0]), strict=True):
            background = other.lines[-BACKGROUND:] if other.id != story.id else ()
            yield replace(story, lines=(*story.lines, *background), own=len(story.lines))


def _versions() -> Iterator[Story]:
    for row in load("wmt-news-versions"):
        versions = [lines for name, lines in sorted(row["versions"].items()) if name != "src"]
        lines = tuple(zip(*versions, strict=True))[:30]
        language = row["pair"].rpartition("-")[2]
        yield Story(row["doc_id"], "versions", language, lines)


def _simplified() -> Iterator[Story]:
    """One original sentence, what it became in NAT, and what that became in STR."""
    documents = {row["id"]: row for row in load("porsimples-docs")}
    links: dict[str, dict[str, list[str]]] = {}
    for row in load("porsimples-alignments"):
        level = links.setdefault(f"{row['production_id']} {row['level']}", {})
        for target in row["targets"]:
            for source in target["source_ids"][:1]:
                level.setdefault(source, []).append(target["target_id"])
    texts = {s["id"]: s["text"] for d in documents.values() for s in d["sentences"]}
    for document in documents.values():
        if document["level"] != "ORI":
            continue
        production = document["production_id"]
        natural = links.get(f"{production} ORI->NAT", {})
        strong = links.get(f"{production} NAT->STR", {})
        lines = []
        for sentence in document["sentences"]:
            middle = natural.get(sentence["id"], [])
            last = [id for one in middle for id in strong.get(one, [])]
            wordings = [sentence["text"]]
            wordings += [" ".join(texts[i] for i in ids if i in texts) for ids in (middle, last)]
            lines.append(tuple(w or None for w in wordings))
        yield Story(f"porsimples/{production}", "porsimples", "pt", tuple(lines), ordered=True)


def _remixed() -> Iterator[Story]:
    for row in load("remix"):
        source = [row["source"][begin:end] for begin, end in row["source_spans"]]
        second: dict[int, str] = {}
        added = []
        for passage in row["passages"]:
            words = row["derivative"][passage["begin"] : passage["end"]]
            if len(passage["sources"]) == 1:
                second[passage["sources"][0]] = words
            elif not passage["sources"]:
                added.append((words, None))
        lines = [(line, second.get(i)) for i, line in enumerate(source)]
        story = row["id"].rsplit("/", 1)[0].split("/")[-1]
        yield Story(story, "remix", row["language"], (*lines, *added))


# -- simulation ------------------------------------------------------------------------------


Item = tuple[int, int, str]


@dataclass
class _Draft:
    """An article in the making: (line, version, words) in order, and what is put to it."""

    content: list[Item]
    publisher: str
    credits: dict[int, str] = field(default_factory=dict)  # line → words at its end
    dateline: str = ""
    hours: float = 0.0

    def text(self) -> str:
        written = []
        for place, (line, _, words) in enumerate(self.content):
            credit = self.credits.get(line, "")
            if credit:
                words = words.rstrip(" .。!?") + credit
            written.append((self.dateline if place == 0 else "") + words)
        return "\n\n".join(written)


def simulate(story: Story, shape: str, seed: int = 1) -> list[Trial]:
    """One family of `shape` over `story`, once under each of `CLOCKS`; none where the story
    has not wordings enough."""
    chance = Random(f"{seed} {story.set} {story.id} {shape}")
    count = chance.randint(*MEMBERS)
    outlets = chance.sample(OUTLETS, len(OUTLETS))
    drafts = [_first(story, chance, outlets[0])]
    parents: list[tuple[int, ...]] = [()]
    hidden = set()
    used = {words for _, _, words in drafts[0].content}
    if shape == "wire":
        drafts[0].dateline = chance.choice(WIRES)
    if shape in ("missing", "wire"):
        hidden = {0 if shape == "wire" or chance.random() < 0.3 else 1}
        count += 1
    for v in range(1, count):
        own = _parents(shape, v, chance)
        draft = _taken(
            story,
            [drafts[u] for u in own],
            used,
            chance,
            outlets[v],
            printed=shape == "wire" and own == (0,),
        )
        if draft is None:
            break
        if shape == "wire" and own == (0,):
            draft.dateline = drafts[0].dateline
        elif shape in ("credits", "wire"):
            _credit(draft, drafts[own[0]].publisher, story.language, outlets, chance)
        drafts.append(draft)
        parents.append(own)
    shown = [v for v in range(len(drafts)) if v not in hidden]
    if len(shown) < MEMBERS[0]:
        return []
    chance.shuffle(shown)
    place = {v: n for n, v in enumerate(shown)}
    gold = tuple(
        tuple(dict.fromkeys(place[u] for u in _visible(v, parents, hidden))) for v in shown
    )
    # Where articles credit each other, the pages of half the families say who publishes them.
    publishers = shape == "wire" or (shape == "credits" and chance.random() < 0.5)
    trials = []
    for clock in CLOCKS:
        stamps = Random(f"{seed} {story.id} {shape} {clock}")
        articles = tuple(
            Article(
                f"{n:02d}",
                drafts[v].text(),
                publisher=drafts[v].publisher if publishers else None,
                published=_stamp(drafts[v].hours, clock, stamps),
                language=story.language,
            )
            for n, v in enumerate(shown)
        )
        trials.append(Trial("simulated", story.id, f"{shape}, {clock}", articles, gold))
    return trials


def _first(story: Story, chance: Random, publisher: str) -> _Draft:
    """The first report: most of the story's lines in one wording."""
    version = 0 if story.ordered or story.set == "remix" else chance.randrange(len(story.lines[0]))
    present = [i for i, line in enumerate(story.lines[: story.own]) if line[version]]
    kept = [i for i in present if chance.random() < 0.8] or present
    return _Draft([(i, version, story.lines[i][version] or "") for i in kept], publisher)


def _parents(shape: str, v: int, chance: Random) -> tuple[int, ...]:
    if shape == "chain" or (shape == "missing" and v == 2):
        return (v - 1,)
    if shape == "star" or (shape == "wire" and v < 4):
        return (0,)
    main = chance.randrange(1 if shape == "wire" else 0, v)
    if shape == "two parents" and v >= 2 and chance.random() < 0.6:
        return (main, chance.choice([u for u in range(v) if u != main]))
    return (main,)


def _visible(v: int, parents: Sequence[tuple[int, ...]], hidden: set[int]) -> Iterator[int]:
    """v's parents, and for a hidden one its own parents."""
    for u in parents[v]:
        if u in hidden:
            yield from _visible(u, parents, hidden)
        else:
            yield u


def _taken(
    story: Story,
    sources: Sequence[_Draft],
    used: set[str],
    chance: Random,
    publisher: str,
    printed: bool = False,
) -> _Draft | None:
    """An article made from `sources`, most of it from the first. What another desk has written
    (`used`) it does not write by itself: no two find the same words. None where too little in
    it would be its own. What is `printed` from a wire is cut and no more.
    """
    main = sources[0]
    cut, reworded = chance.uniform(0, CUT), chance.uniform(*REWORDED)
    desk = chance.randrange(len(story.lines[0]))  # the version whose wording the desk keeps to
    content = []
    for place, item in enumerate(main.content):
        late = 2 * place / max(len(main.content) - 1, 1)  # cuts fall on the end
        if chance.random() >= cut * late or len(main.content) <= 4:
            content.append(item)
    hours = max(s.hours for s in sources) + max(chance.expovariate(1 / LAG), 0.1)
    if printed:
        return _Draft(content, publisher, hours=hours)
    # What of it the desk can reword at all; the share, and no fewer than the least.
    other = [
        (p, new) for p, item in enumerate(content) if (new := _reworded(story, item, desk, used))
    ]
    wanted = max(round(reworded * len(content)), LEAST_REWORDED)
    for p, new in chance.sample(other, min(wanted, len(other))):
        content[p] = new
    trimmed = chance.uniform(0, TRIMMED)
    content = [_trimmed(item, used) if chance.random() < trimmed else item for item in content]
    for second in sources[1:]:
        own = {line for line, *_ in content}
        further = [item for item in second.content if item[0] not in own]
        swapped = [item for item in second.content if item[0] in own]
        taken = {item[0]: item for item in chance.sample(swapped, len(swapped) // 3)}
        content = [taken.get(item[0], item) for item in content]
        content += further[: max(len(further) // 2, 1)]
    known = {line for line, *_ in main.content} | {line for line, *_ in content}
    unknown = [i for i in range(len(story.lines)) if i not in known]
    fresh = [new for i in unknown if (new := _fresh(story, i, desk, used))]
    for added in chance.sample(fresh, min(chance.randint(*ADDED), len(fresh))):
        content.insert(chance.randint(1, len(content)), added)
    if chance.random() < MOVED and len(content) > 3:
        moved = content.pop(chance.randrange(1, len(content)))
        content.insert(chance.randrange(1, len(content)), moved)
    taken_over = {words for source in sources for _, _, words in source.content}
    new_words = {words for _, _, words in content} - taken_over
    if len(new_words) < LEAST_NEW:
        return None
    used |= new_words
    lines = {line for line, *_ in content}
    credits = {line: words for line, words in main.credits.items() if line in lines}
    return _Draft(content, publisher, credits, hours=hours)


def _reworded(story: Story, item: Item, desk: int, used: set[str]) -> Item | None:
    """A line in the wording of a desk; in an ordered story in a later one."""
    line, version, _ = item
    return _fresh(story, line, version + 1 if story.ordered else desk, used)


def _fresh(story: Story, line: int, desk: int, used: set[str]) -> Item | None:
    """The desk's version of a line, or the next whose words nobody has used."""
    wordings = story.lines[line]
    last = len(wordings) if story.ordered else desk + len(wordings)
    for s in (number % len(wordings) for number in range(desk, last)):
        words = wordings[s]
        if words and words not in used:
            return line, s, words
    return None


def _trimmed(item: Item, used: set[str]) -> Item:
    """The line without what follows its last comma, where enough is left."""
    line, version, words = item
    head = words.rpartition(",")[0]
    trimmed = head + words[-1:] if words[-1:] in ".!?" else head
    return (line, version, trimmed) if len(head.split()) >= 6 and trimmed not in used else item


def _credit(
    draft: _Draft, source: str, language: str, outlets: Sequence[str], chance: Random
) -> None:
    """Name the source at the end of one of the first lines; now and then another."""
    if language not in CREDITS or chance.random() > CREDITED:
        return
    if chance.random() < MISCREDITED:
        source = chance.choice(outlets)
    line = chance.choice(draft.content[:3])[0]
    draft.credits[line] = chance.choice(CREDITS[language]).format(source)


def _stamp(hours: float, clock: str, chance: Random) -> datetime | str | None:
    moment = datetime(2025, 3, 28, 6, 0, tzinfo=UTC) + timedelta(minutes=round(60 * hours))
    if clock == "none":
        return None
    if clock == "noisy":
        if chance.random() < STALE:
            moment += timedelta(hours=chance.expovariate(1 / STALE_BY))
        if chance.random() < DAY_ONLY:
            return moment.date().isoformat()
    return moment.replace(second=0)


def simulated(per_shape: int, fitting: bool | None = None) -> Iterator[Trial]:
    """Families of every shape over stories in a fixed walk; of one half if `fitting` is said."""
    from benchmarks.data import fitted_on

    chosen = [s for s in stories() if fitting is None or fitted_on(s.id) == fitting]
    Random(7).shuffle(chosen)
    for number, shape in enumerate(SHAPES):
        families = (simulate(story, shape) for story in chosen[number :: len(SHAPES)])
        for family in islice(filter(None, families), per_shape):
            yield from family
