"""The catalogue of an archive: what it is searched by, and what is known of its clusters.

It is a SQLite file beside the server's other files, made from the index and made again where it is
missing, so that an index stays what it is: crawlers and the command line may write to it meanwhile,
in a file or in PostgreSQL. The `keeper` follows the index by the numbers of its articles, of which
none is given twice; what has been removed from the index is left out when it is read.

Words are the house's (`dedup.text.split_words`), so that Chinese is searched as Chinese is read.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any, Literal, NamedTuple

from markupsafe import Markup

from dedup.article import Article
from dedup.attribution.outlets import outlet_key, outlet_keys
from dedup.errors import StoreError
from dedup.index.records import moment
from dedup.report.html.page import Listing, Page, Views
from dedup.report.names import opening, publisher_name
from dedup.text.language import identify
from dedup.text.words import split_words

FORMAT = 1  # of the tables; another one is made anew
PATIENCE = 30.0  # seconds that one waits for another to have written
MAX_QUERY = 20  # words of a search
MAX_INDEXED = 200_000  # characters of a text that are searched
MAX_HEADLINE = 300
MAX_LANGUAGE = 3_000  # characters by which a language is known
TABLES = """
CREATE TABLE articles (number INTEGER PRIMARY KEY, id TEXT NOT NULL, headline TEXT NOT NULL,
    outlet TEXT NOT NULL, keys TEXT NOT NULL, published REAL, url TEXT NOT NULL,
    language TEXT NOT NULL);
CREATE INDEX articles_published ON articles (published, number);
CREATE VIRTUAL TABLE words USING fts5(headline, text, content='',
    tokenize='unicode61 remove_diacritics 2');
CREATE TABLE clusters (id TEXT PRIMARY KEY, numbers TEXT NOT NULL, size INTEGER NOT NULL,
    newest REAL, uncredited INTEGER NOT NULL, from_us INTEGER NOT NULL, by_us INTEGER NOT NULL,
    keys TEXT NOT NULL, languages TEXT NOT NULL, brief TEXT NOT NULL, page BLOB NOT NULL);
CREATE TABLE flows (cluster TEXT NOT NULL, taker TEXT NOT NULL, source TEXT NOT NULL,
    articles INTEGER NOT NULL, uncredited INTEGER NOT NULL);
CREATE INDEX flows_of ON flows (cluster);
CREATE TABLE files (path TEXT PRIMARY KEY, state TEXT NOT NULL, ids TEXT NOT NULL);
"""

Sort = Literal["newest", "largest", "uncredited"]
ORDER: dict[Sort, str] = {
    "newest": "newest IS NULL, newest DESC, id",
    "largest": "size DESC, newest DESC, id",
    "uncredited": "uncredited DESC, newest DESC, id",
}


class Listed(NamedTuple):
    """An article as a list of the archive has it."""

    number: int
    id: str
    headline: str
    outlet: str
    published: float | None


@dataclass(frozen=True, slots=True)
class Filter:
    """What both articles and clusters are filtered by: an outlet, a language, dates."""

    outlet: str = ""
    language: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Search(Filter):
    """Which articles are looked for; they have these words, and this part in their address."""

    words: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class ClusterSearch(Filter):
    """How clusters are sorted and filtered; `who` is "from us", "by us" or empty."""

    sort: Sort = "newest"
    who: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """A cluster as its card shows it; `tree` and `timeline` are pictures."""

    headline: str
    outlets: tuple[str, ...]
    dates: str
    source: str
    credited: int
    uncredited: int
    changed: int
    order: str
    shares: dict[str, float]
    tree: str
    timeline: str
    lines: tuple[tuple[str, str, str], ...] = ()  # id, name and verdict of each article
    size: int = 0


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """What the catalogue keeps of a cluster, whose articles have these numbers."""

    id: str
    numbers: tuple[int, ...]
    newest: float | None
    from_us: int
    by_us: int
    keys: frozenset[str]
    languages: frozenset[str]
    brief: Brief
    page: Page
    flows: tuple[tuple[str, str, int, int], ...] = field(default=())


class Catalogue:
    """The catalogue in the file `path`; made where there is none."""

    def __init__(self, path: Path) -> None:
        self._lock = RLock()
        try:
            self._sql = sqlite3.connect(
                path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
            )
            try:
                self._make()
            except BaseException:
                self._sql.close()
                raise
        except sqlite3.Error as error:
            raise StoreError(f"{path}: {error}; remove the file, it is made again") from error

    def _make(self) -> None:
        self._sql.execute("PRAGMA journal_mode=WAL")
        self._sql.execute("PRAGMA synchronous=NORMAL")
        with self._sql:
            self._sql.execute("BEGIN IMMEDIATE")
            ((version,),) = self._sql.execute("PRAGMA user_version")
            if version == FORMAT:
                return
            names = (
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'words_%'"
            )
            for (name,) in self._sql.execute(names).fetchall():
                self._sql.execute(f'DROP TABLE "{name}"')
            for statement in TABLES.split(";"):
                self._sql.execute(statement)
            self._sql.execute(f"PRAGMA user_version = {FORMAT}")

    # Articles

    def last(self) -> int:
        """The number of the last article that is here."""
        ((number,),) = self._rows("SELECT coalesce(max(number), 0) FROM articles")
        return int(number)

    def add(self, articles: Iterable[tuple[int, Article]]) -> None:
        """Add articles by their numbers."""
        rows, words = [], []
        for number, article in articles:
            headline = opening(article)[:MAX_HEADLINE]
            keys = " ".join(sorted(outlet_keys(article)))
            when = moment(article.published) if article.published else None
            rows.append((number, storable(article.id), storable(headline),
                         storable(publisher_name(article)), storable(f" {keys} "), when,
                         storable(article.url or ""), storable(language_of(article))))  # fmt: skip
            forms = split_words(article.text[:MAX_INDEXED]).forms()
            words.append((number, " ".join(split_words(headline).forms()), " ".join(forms)))
        with self._lock, self._sql:
            self._sql.execute("BEGIN IMMEDIATE")
            self._sql.executemany(f"INSERT OR REPLACE INTO articles VALUES ({'?, ' * 7}?)", rows)
            self._sql.executemany("INSERT INTO words (rowid, headline, text) VALUES (?, ?, ?)",
                                  words)  # fmt: skip

    def search(self, sought: Search, limit: int, offset: int = 0) -> list[Listed]:
        """Articles that have all that is sought, the newest first."""
        conditions, values = bound_dates("published", sought)
        if query := spell_query(sought.words):
            conditions.append("number IN (SELECT rowid FROM words WHERE words MATCH ?)")
            values.append(query)
        if sought.outlet.strip():
            key = storable(outlet_key(sought.outlet.strip()))
            conditions.append("(instr(keys, ?) OR instr(lower(outlet), ?))")
            values += [f" {key} ", storable(sought.outlet.strip().lower())]
        if sought.address.strip():
            conditions.append("instr(lower(url), ?)")
            values.append(storable(sought.address.strip().lower()))
        if sought.language:
            conditions.append("language = ?")
            values.append(storable(sought.language))
        query = "SELECT number, id, headline, outlet, published FROM articles"
        query = f"{query} WHERE {' AND '.join(conditions)}"
        order = "ORDER BY published IS NULL, published DESC, number DESC LIMIT ? OFFSET ?"
        return [Listed(*row) for row in self._rows(f"{query} {order}", *values, limit, offset)]

    def languages(self) -> list[str]:
        """The languages of the articles, each once."""
        rows = self._rows("SELECT DISTINCT language FROM articles WHERE language <> '' ORDER BY 1")
        return [language for (language,) in rows]

    # Clusters

    def cluster_numbers(self) -> dict[str, tuple[int, ...]]:
        """The clusters that are here, each with the numbers of its articles."""
        rows = self._rows("SELECT id, numbers FROM clusters")
        return {id: tuple(json.loads(numbers)) for id, numbers in rows}

    def save_cluster(self, row: ClusterRow) -> None:
        """Keep what is known of a cluster, in place of what was known before."""
        brief = json.dumps(asdict(row.brief))
        values = (
            row.id, json.dumps(row.numbers), row.brief.size, row.newest, row.brief.uncredited,
            row.from_us, row.by_us, storable(f" {' '.join(sorted(row.keys))} "),
            storable(f" {' '.join(sorted(row.languages))} "), brief, pack_page(row.page),
        )  # fmt: skip
        with self._lock, self._sql:
            self._sql.execute("BEGIN IMMEDIATE")
            self._sql.execute("DELETE FROM flows WHERE cluster = ?", (row.id,))
            self._sql.execute(f"INSERT OR REPLACE INTO clusters VALUES ({'?, ' * 10}?)", values)
            flows = [(row.id, storable(a), storable(b), n, u) for a, b, n, u in row.flows]
            self._sql.executemany("INSERT INTO flows VALUES (?, ?, ?, ?, ?)", flows)

    def drop_clusters(self, ids: Sequence[str]) -> None:
        """Forget clusters that are no more."""
        with self._lock, self._sql:
            self._sql.execute("BEGIN IMMEDIATE")
            for table, name in (("clusters", "id"), ("flows", "cluster")):
                query = f"DELETE FROM {table} WHERE {name} = ?"
                self._sql.executemany(query, [(id,) for id in ids])

    def list_clusters(
        self, sought: ClusterSearch, limit: int, offset: int
    ) -> list[tuple[str, Brief]]:
        """Clusters with their cards, as they are sorted and filtered."""
        conditions, values = bound_dates("newest", sought)
        if sought.outlet.strip():
            conditions.append("instr(keys, ?)")
            values.append(f" {storable(outlet_key(sought.outlet.strip()))} ")
        if sought.language:
            conditions.append("instr(languages, ?)")
            values.append(f" {storable(sought.language)} ")
        if sought.who in ("from us", "by us"):
            conditions.append(f"{sought.who.replace(' ', '_')} > 0")
        query = f"SELECT id, brief FROM clusters WHERE {' AND '.join(conditions)}"
        rows = self._rows(
            f"{query} ORDER BY {ORDER[sought.sort]} LIMIT ? OFFSET ?", *values, limit, offset
        )
        return [(id, read_brief(brief)) for id, brief in rows]

    def count_clusters(self) -> int:
        """How many clusters are here."""
        return int(self._rows("SELECT count(*) FROM clusters")[0][0])

    def brief(self, id: str) -> Brief | None:
        """The card of a cluster."""
        rows = self._rows("SELECT brief FROM clusters WHERE id = ?", id)
        return read_brief(rows[0][0]) if rows else None

    def page(self, id: str) -> Page | None:
        """The page of a cluster."""
        rows = self._rows("SELECT page FROM clusters WHERE id = ?", id)
        return unpack_page(rows[0][0]) if rows else None

    def flows(self) -> list[tuple[str, str, int, int]]:
        """Who took from whom: taker, source, how many articles, how many without a credit."""
        query = "SELECT taker, source, sum(articles), sum(uncredited) FROM flows GROUP BY 1, 2"
        return self._rows(f"{query} ORDER BY 3 DESC, 1, 2")

    # Files that are watched

    def files(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """The files that were read: by path their state then, and the ids of their articles."""
        rows = self._rows("SELECT path, state, ids FROM files")
        return {path: (state, tuple(json.loads(ids))) for path, state, ids in rows}

    def save_file(self, path: str, state: str, ids: Iterable[str]) -> None:
        """Remember that a file was read."""
        with self._lock:
            row = (path, state, json.dumps(list(ids)))
            self._sql.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", row)

    def drop_file(self, path: str) -> None:
        """Forget a file."""
        with self._lock:
            self._sql.execute("DELETE FROM files WHERE path = ?", (path,))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._sql.close()

    def _rows(self, query: str, *values: Any) -> list[Any]:
        with self._lock:
            return self._sql.execute(query, values).fetchall()


def bound_dates(column: str, sought: Filter) -> tuple[list[str], list[Any]]:
    """The conditions that the dates sought make for a column, and their values. Raises `InputError`
    where one of them is no date."""
    conditions, values = ["1"], list[Any]()
    for sign, when in ((">=", sought.since), ("<", sought.until)):
        if when.strip():
            conditions.append(f"{column} {sign} ?")
            values.append(moment(when.strip()))
    return conditions, values


def language_of(article: Article) -> str:
    """The language of an article: the one that it states, else the one that it begins in."""
    return article.language or identify(article.text[:MAX_LANGUAGE])


def spell_query(words: str) -> str:
    """A search in words as FTS5 has it: each a phrase, none a command.

    >>> spell_query('Kim’s OR "guns')
    '"kim s" "or" "guns"'
    """
    phrases = (" ".join(split_words(word).forms()) for word in words.split()[:MAX_QUERY])
    return " ".join(f'"{phrase}"' for phrase in phrases if phrase)


def storable(text: str) -> str:
    """A text that a database can keep."""
    return text.encode("utf-8", "replace").decode().replace("\x00", " ")


def read_brief(text: str) -> Brief:
    """A card as it was kept."""
    kept = json.loads(text)
    kept["outlets"] = tuple(kept["outlets"])
    kept["lines"] = tuple(map(tuple, kept["lines"]))
    return Brief(**kept)


def pack_page(page: Page) -> bytes:
    """A page as it is kept: strings alone, so that nothing has to be unpickled."""
    views = page.views
    kept = {
        "title": page.title, "heading": page.heading, "first": page.first,
        "live": views.named, "packed": views.packed, "left_out": views.left_out,
        "listings": list(map(asdict, page.listings)),
    }  # fmt: skip
    return zlib.compress(json.dumps(kept).encode())


def unpack_page(data: bytes) -> Page:
    """A page as it was kept."""
    kept = json.loads(zlib.decompress(data))
    views = Views([(id, text) for id, text in kept["packed"]], kept["left_out"])
    for id, view in kept["live"]:
        views.add(id, Markup(view))
    listings = (
        Listing(one["id"], tuple(map(Markup, one["items"])), one["total"], one["packed"])
        for one in kept["listings"]
    )
    return Page(kept["title"], kept["heading"], Markup(kept["first"]), views, tuple(listings))
