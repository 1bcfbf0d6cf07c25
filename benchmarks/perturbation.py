"""One thing changed in a real sentence, by rule, so that its meaning moves.

Comes in: a sentence of a text and the source sentences that it tells. Goes out: `Edit`s, each
the sentence with one number, day, hedge, attribution, negation, name or quotation changed. The
rules are written for this purpose and share no word list with the detector.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from dedup.text import Anchor, Sentence, Text

DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
}
# What to take out, and what to put there.
HEDGES = {
    "en": [(r" (?:probably|possibly|perhaps|reportedly|allegedly|apparently|likely)(?= )", ""),
           (r"\b(?:may|might|could) be\b", "is"), (r"\b(?:may|might) have\b", "has"),
           (r"\b(?:may|might|could)(?= \p{Ll}{3,} )", "will"),
           (r"\b(is|are) (?:believed|thought|said|expected) to be\b", r"\1")],
    "de": [(r" (?:wahrscheinlich|vermutlich|offenbar|angeblich|mutmaßlich|möglicherweise"
            r"|vielleicht|wohl)(?= )", ""), (r"\bkönnte\b", "wird"), (r"\bkönnten\b", "werden")],
    "fr": [(r" (?:probablement|peut-être|apparemment|sans doute|vraisemblablement"
            r"|éventuellement)(?= )", ""), (r"\bpourrait\b", "va"), (r"\bpourraient\b", "vont"),
           (r"\bserait\b", "est"), (r"\bseraient\b", "sont"), (r"\baurait\b", "a")],
    "es": [(r" (?:probablemente|posiblemente|quizás?|tal vez|presuntamente|supuestamente"
            r"|al parecer)(?= )", ""), (r"\bpodría\b", "va a"), (r"\bpodrían\b", "van a"),
           (r"\bhabría\b", "ha")],
    "pt": [(r" (?:provavelmente|possivelmente|talvez|supostamente|aparentemente)(?= )", ""),
           (r"\bpoderia\b", "vai"), (r"\bpoderiam\b", "vão"), (r"\bpoderá\b", "vai"),
           (r"\bteria\b", "tem")],
}  # fmt: skip
NEGATIONS = {
    "en": [(r"\b(is|are|was|were|will|can|could|would|should|has|have|had) not\b", r"\1"),
           (r"\b(is|are|was|were|would|could|has|have)n['’]t\b", r"\1"),
           (r"\b(will|can|was|is|are|were)(?= \p{Ll}{3,}(?:ed|e|ing)? )(?! not)", r"\1 not")],
    "de": [(r" nicht(?= )", ""), (r"\b([Kk])ein(e|en|er|em)?\b(?= \p{Lu})", r"ein\2")],
    "fr": [(r"\bn(?:e |['’])(\w+) pas\b", r"\1"),
           (r"\b(est|sont|a|ont)(?= \p{Ll}{3,}é)", r"n'\1 pas")],
    "es": [(r" no(?= (?:es|está|ha|han|hay|se|fue|puede|tiene|son|será)\b)", ""),
           (r" (?=(?:es|está|ha|han|fue|puede|tiene|son|será) )(?<!no )", " no ")],
    "pt": [(r" não(?= )", ""), (r" (?=(?:é|está|foi|pode|tem|são|será|vai) )(?<!não )", " não ")],
}  # fmt: skip
SAYING = {
    "en": [r"^According to [^,]{3,60}, ",
           r",[\"”]? (?:\p{Lu}?[\p{L}.' -]{2,40} (?:said|reported"
           r"|told \w+)|said [\p{L}.' -]{2,40})(?: on \w+day)?(?=\.$)",
           r"^[\p{L}.' -]{2,40} said that "],
    "de": [r"^Laut [\p{L} .-]{3,50}(?= (?:ist|sind|hat|haben|wird|werden|war|wurde) )",
           r", (?:sagte|erklärte|berichtete|teilte) [\p{L}. -]{2,60}(?=\.$)"],
    "fr": [r"^(?:Selon|D['’]après) [^,]{3,60}, ",
           r",? (?:selon|d['’]après) [\p{L} .'’-]{3,50}(?=\.$)",
           r", a (?:déclaré|indiqué|affirmé|annoncé|expliqué) [\p{L} .'’-]{2,60}(?=\.$)"],
    "es": [r"^Según [^,]{3,60}, ", r",? según [\p{L} .-]{3,50}(?=\.$)",
           r", (?:dijo|afirmó|declaró|explicó|aseguró|señaló) [\p{L} .-]{2,60}(?=\.$)"],
    "pt": [r"^(?:Segundo|De acordo com) [^,]{3,60}, ",
           r",? (?:segundo|conforme) [\p{L} .-]{3,50}(?=\.$)",
           r", (?:disse|diz|afirmou|afirma|explicou) [\p{L} .-]{2,60}(?=\.$)"],
}  # fmt: skip
QUOTED = regex.compile(r"(“|„|«\s?|\")([^“”„«»\"]{12,300})(”|“|\s?»|\")")
LISTING = regex.compile(r"\W*(?:and|und|et|y|e|or|oder|ou|o|with|mit|avec|con|com|,)?\W*")
WORD = regex.compile(r"\p{L}{5,}")
LEAST_KEPT = 4  # words; an edit that leaves fewer says nothing


@dataclass(frozen=True)
class Edit:
    """A sentence with one thing changed: which rule, and the kind of drift it makes."""

    name: str
    kind: str
    text: str


def edits(
    text: Text, sentence: Sentence, sources: Sequence[Sentence], source: Text, chance: random.Random
) -> Iterator[Edit]:
    """Every edit that the sentence has room for, at most one of each name."""
    language, said = text.language, text.slice(sentence)
    if len(sentence.parts) > 1:
        return
    theirs = " ".join(source.slice(s) for s in sources)
    yield from _number(text, sentence, chance)
    yield from _day(said, theirs, language, chance)
    for name, rules in (("hedge", HEDGES), ("negation", NEGATIONS)):
        for pattern, new in rules.get(language, ()):
            changed = regex.sub(pattern, new, said, count=1)
            # What the edit takes out must be what the source has as well.
            if changed != said and (len(changed) > len(said) or regex.search(pattern, theirs)):
                yield Edit(name, name, changed)
                break
    for pattern in SAYING.get(language, ()):
        changed = regex.sub(pattern, "", said, count=1)
        if changed != said and len(changed.split()) > LEAST_KEPT and regex.search(pattern, theirs):
            yield Edit("attribution", "attribution", changed[:1].upper() + changed[1:])
            break
    yield from _names(text, sentence, theirs, source, chance)
    yield from _quotation(text, sentence, source, chance)


def _number(text: Text, sentence: Sentence, chance: random.Random) -> Iterator[Edit]:
    """Another leading digit."""
    said = text.slice(sentence)
    numbers = [
        anchor
        for anchor in sentence.anchors
        if anchor.kind == "number" and text.slice(anchor)[0].isdecimal() and "-" not in anchor.value
    ]
    if numbers:
        anchor = chance.choice(numbers)
        at = anchor.begin - sentence.begin
        digit = str((int(said[at]) - 1 + chance.randrange(2, 7)) % 9 + 1)
        yield Edit("number", "number", said[:at] + digit + said[at + 1 :])


def _day(said: str, theirs: str, language: str, chance: random.Random) -> Iterator[Edit]:
    """Another day of the week."""
    days = DAYS.get(language, "").split()
    for day in days:
        if regex.search(rf"\b{day}\b", said) and regex.search(rf"\b{day}\b", theirs):
            other = chance.choice([d for d in days if d != day])
            yield Edit("day", "number", regex.sub(rf"\b{day}\b", other, said, count=1))
            return


def _names(
    text: Text, sentence: Sentence, theirs: str, source: Text, chance: random.Random
) -> Iterator[Edit]:
    """Two names change places; one name gives way to another that the source has elsewhere."""
    said = text.slice(sentence)
    names = [a for a in sentence.anchors if a.kind == "name" and text.slice(a) in theirs]
    pairs = [
        (a, b)
        for i, a in enumerate(names)
        for b in names[i + 1 :]
        if a.value != b.value and not LISTING.fullmatch(text.article.text[a.end : b.begin])
        and not set(a.value.split()) & set(b.value.split())
    ]  # fmt: skip
    if pairs:
        a, b = chance.choice(pairs)
        low, high = (Anchor(x.begin - sentence.begin, x.end - sentence.begin, x.kind, x.value)
                     for x in (a, b))  # fmt: skip
        first, second = said[low.begin : low.end], said[high.begin : high.end]
        swapped = said[: low.begin] + second + said[low.end : high.begin] + first + said[high.end :]
        yield Edit("name swapped", "name", swapped)
    others = sorted(
        {
            source.slice(a)
            for a in source.anchors
            if a.kind == "name" and source.slice(a) not in theirs
        }
    )
    whole = [a for a in names if len(a.value) > 3]
    others = [o for o in others if not any(w in theirs.split() for w in o.split()) and len(o) > 3]
    if whole and others:
        a = chance.choice(whole)
        begin, end = a.begin - sentence.begin, a.end - sentence.begin
        yield Edit("name replaced", "name", said[:begin] + chance.choice(others) + said[end:])


def _quotation(
    text: Text, sentence: Sentence, source: Text, chance: random.Random
) -> Iterator[Edit]:
    """One word of a quotation replaced; indirect speech put between quotation marks."""
    said = text.slice(sentence)
    vocabulary = sorted({t.form for s in text.prose for t in s.tokens if len(t.form) > 5})
    match = QUOTED.search(said)
    folded = " ".join(source.article.text.split())
    if match and " ".join(match[2].split()) in folded and vocabulary:
        inner = list(WORD.finditer(said, match.start(2), match.end(2)))
        if len(inner) >= 2:
            word = chance.choice(inner)
            other = chance.choice(vocabulary)
            if other != word[0].lower():
                changed = said[: word.start()] + other + said[word.end() :]
                yield Edit("quotation edited", "quotation", changed)
    tokens = sentence.tokens
    if not QUOTED.search(said) and len(tokens) >= 12:
        first = chance.randrange(2, len(tokens) - 6)
        low, high = (tokens[first].begin - sentence.begin, tokens[first + 4].end - sentence.begin)
        quoted = said[low:high]
        if not regex.search(r"\p{Lu}|[\"'’]|\d", quoted):
            changed = f"{said[:low]}“{quoted}”{said[high:]}"
            yield Edit("quotation invented", "quotation", changed)
