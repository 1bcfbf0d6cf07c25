"""An article's full text with the matches of a comparison marked in it.

The text stands paragraph by paragraph as `text.layout` finds them. Layers say what is marked:
a match, a run of identical words, a changed meaning, something dropped, boilerplate; where
layers overlap, the words between two borders carry them all. Long stretches are cut and say so:
an article may be a megabyte on one line.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

from markupsafe import Markup

from dedup.article import Article, Span
from dedup.report.html.safe import to_markup
from dedup.text.model import Block

What = Literal[
    "match", "run", "drift", "nuance", "change", "dropped", "furniture", "added", "quoted"
]

MAX_TEXT = 120_000  # characters of one text, about 20,000 words; a long read has 5,000
MAX_STRETCH = 6_000  # … of one sentence, or of whatever else has one mark

# Where matches of several kinds share words of the source, the clearest is drawn.
CLEAREST = ("copied", "paraphrased", "translated", "added", "furniture")


@dataclass(frozen=True, slots=True)
class Layer:
    """A span of the text, and what it is. A match has its number, its kind, and `label`, what
    a screen reader says of it; `goes` is where its number leads, `sign` what stands there
    instead of the number."""

    begin: int
    end: int
    what: What
    number: int = 0
    kind: str = ""
    label: str = ""
    anchor: str = ""
    goes: str = ""
    sign: str = ""


def layers_of(what: What, spans: Iterable[Span]) -> list[Layer]:
    """Layers of one sort."""
    return [Layer(span.begin, span.end, what) for span in spans]


def mark(article: Article, blocks: Iterable[Block], layers: Sequence[Layer]) -> Markup:
    """The article's paragraphs, which are in its `blocks`, with the layers marked."""
    writer = _Writer(article.text)
    paragraphs: list[str] = []
    for form, stretches in _paragraphs(blocks, layers):
        if writer.left <= 0:
            rest = len(article.text) - writer.reached
            paragraphs.append(f'<p class="cut">{rest:,} more characters are not shown.</p>')
            break
        paragraphs.append(f'<p class="{form}" dir="auto">{writer.paragraph(stretches)}</p>')
    return Markup("\n".join(paragraphs))


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Text between two borders, with all the layers that cover it."""

    begin: int
    end: int
    layers: tuple[Layer, ...]

    def of(self, what: What) -> list[Layer]:
        return [layer for layer in self.layers if layer.what == what]

    @property
    def numbers(self) -> tuple[int, ...]:
        if self.of("furniture"):  # which may stand in the middle of a sentence
            return ()
        return tuple(sorted({layer.number for layer in self.layers if layer.what == "match"}))

    @property
    def style(self) -> str:
        """What its words look like, apart from runs and drift."""
        kinds = {layer.kind for layer in self.of("match") if self.numbers}
        for kind in CLEAREST:
            if kind in kinds:
                return f"m {kind}"
        return next((w for w in ("furniture", "dropped", "added") if self.of(w)), "")


def _paragraphs(
    blocks: Iterable[Block], layers: Sequence[Layer]
) -> Iterator[tuple[str, list[_Stretch]]]:
    """Each paragraph's form and its stretches; a sweep over all borders at once."""
    parts = sorted((part.begin, part.end, block.form) for block in blocks for part in block.parts)
    spans = [layer for layer in layers if layer.begin < layer.end]
    borders = sorted({at for layer in spans for at in (layer.begin, layer.end)})
    waiting = sorted(enumerate(spans), key=lambda pair: pair[1].begin, reverse=True)
    covering: list[tuple[int, Layer]] = []
    for begin, end, form in parts:
        inner = borders[bisect_right(borders, begin) : bisect_left(borders, end)]
        stretches = []
        for left, right in pairwise([begin, *inner, end]):
            while waiting and waiting[-1][1].begin <= left:
                covering.append(waiting.pop())
            covering = [pair for pair in covering if pair[1].end > left]
            in_order = sorted(covering, key=lambda pair: pair[0])
            stretches.append(_Stretch(left, right, tuple(layer for _, layer in in_order)))
        yield form, stretches


class _Writer:
    """Writes paragraphs, until the room for one text is spent."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._numbered: set[int] = set()
        self.left = MAX_TEXT
        self.reached = 0

    def paragraph(self, stretches: Sequence[_Stretch]) -> str:
        """Neighbours that look alike in one element."""
        looks = groupby(stretches, key=lambda stretch: (stretch.numbers, stretch.style))
        return "".join(self._sentence(list(group), *look) for look, group in looks)

    def _sentence(self, stretches: Sequence[_Stretch], numbers: tuple[int, ...], style: str) -> str:
        links = [self._number(layer) for s in stretches[:1] for layer in s.of("match")]
        words = self._words(stretches)
        if not style:
            return words
        sign = '<span class="sr">Added: </span>' if style == "added" else ""
        data = f' data-n="{" ".join(map(str, numbers))}"' if numbers else ""
        return f'<span class="{style}"{data}>{sign}{"".join(links)}{words}</span>'

    def _number(self, layer: Layer) -> str:
        if layer.number in self._numbered:
            return ""
        self._numbered.add(layer.number)
        return (
            f'<a class="n" id="{layer.anchor}" href="#{layer.goes}" '
            f'aria-label="{to_markup(layer.label)}">{layer.sign or layer.number}</a>'
        )

    def _words(self, stretches: Sequence[_Stretch]) -> str:
        written: list[str] = []
        room = MAX_STRETCH
        for stretch in stretches:
            self.reached = stretch.end
            end = min(stretch.end, stretch.begin + max(min(room, self.left), 0))
            words = str(to_markup(self._text[stretch.begin : end]))
            room -= end - stretch.begin
            self.left -= end - stretch.begin
            if words:
                written.append(_decorate(words, stretch))
        left_out = sum(s.end - s.begin for s in stretches) - (MAX_STRETCH - room)
        if left_out > 0:
            written.append(f'<span class="cut"> … {left_out:,} characters not shown … </span>')
        return "".join(written)


def _decorate(words: str, stretch: _Stretch) -> str:
    """The words of a stretch with what is marked inside a match."""
    if stretch.of("run"):
        words = f"<b>{words}</b>"
    drifts, nuances = stretch.of("drift"), stretch.of("nuance")
    if stretch.of("change") and not (drifts or nuances):
        words = f'<span class="edit">{words}</span>'
    if drifts or nuances:
        name = "drift" if drifts else "nuance"
        first = [d for d in drifts or nuances if d.begin == stretch.begin]
        sign = '<span class="sr">changed: </span>' if first else ""
        words = f'<mark class="{name}{" first" if first else ""}">{sign}{words}</mark>'
    if stretch.of("quoted"):
        words = f'<span class="q">{words}</span>'
    return words
