"""A store: the rows and postings of an index in tables, and transactions over them.

What two databases have in common is here, in SQL that both understand; a subclass adds how its
database connects, begins, commits and takes lists: `dedup.index.sqlite` for a file,
`dedup.index.postgres` for a server that many hosts share. Both pass the same tests.

Articles have numbers from 1 on, none twice, in the order of adding. They come from a row of
counters, not from a sequence, so that a transaction takes them back with all else.
"""

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from dedup.index.database import Database, read_schema
from dedup.index.postings import (
    NUMBER,
    POSTED_BYTES,
    Blobs,
    Numbers,
    Postings,
    merge_postings,
    pack_rows,
    read_postings,
)
from dedup.index.records import (
    ENTRY,
    Content,
    Entry,
    IndexPair,
    IndexStats,
    damaged,
    expect_numbers,
    read_content,
    read_entry,
    read_pair,
    spell_moment,
)
from dedup.index.settings import COUNTED_FOR_GOOD, NO_RUNS, is_former, migrate_settings

Keys = Sequence[int]


class Store(Database):
    """A place for an index. All calls stand within `reading` or `writing`; both nest."""

    _schema: str  # the file that has its tables

    def __init__(self, place: str, readonly: bool) -> None:
        super().__init__(place, readonly)
        self.settings: dict[str, str] = {}

    @property
    def keeps_runs(self) -> bool:
        """Whether it keeps the runs by which passages are found."""
        return self.settings.get("runs", NO_RUNS) != NO_RUNS

    @property
    def is_former(self) -> bool:
        """Whether it has a former format, and must be brought up to date before it is used."""
        return is_former(self.settings)

    # Articles

    def insert(
        self, id: str, published: float | None, original: int | None, posted: bool,
        signature: bytes, content: Content,
    ) -> int:  # fmt: skip
        """Keep an article and give its number."""
        self._articles += 1
        number = self._articles
        query = f"INSERT INTO articles ({ENTRY}) VALUES (?, ?, ?, ?, ?, ?)"
        self._write(query, number, id, published, original, posted, signature)
        query = "INSERT INTO contents (number, fields, text) VALUES (?, ?, ?)"
        self._write(query, number, content.fields, content.text)
        return number

    def update(self, number: int, original: int | None, posted: bool) -> None:
        """Change how an article is found."""
        query = "UPDATE articles SET original = ?, posted = ? WHERE number = ?"
        self._write(query, original, posted, number)

    def delete(self, number: int) -> None:
        """Delete an article with its pairs and its place in a cluster."""
        self._oldest = None
        for table in ("articles", "contents", "openings", "clusters", "unsettled"):
            self._write(f"DELETE FROM {table} WHERE number = ?", number)
        self._write("DELETE FROM pairs WHERE a = ? OR b = ?", number, number)

    @abstractmethod
    def find_numbers(self, ids: Sequence[str]) -> dict[str, int]:
        """The numbers of those of `ids` that are here."""

    def read_entries(self, numbers: Sequence[int]) -> list[Entry]:
        """The entries with these numbers, ascending."""
        if not numbers:
            return []
        query = f"SELECT {ENTRY} FROM articles WHERE number IN LIST ORDER BY number"
        return [read_entry(row) for row in self._rows(query, numbers)]

    @abstractmethod
    def read_copies(self, numbers: Sequence[int], limit: int) -> list[Entry]:
        """Up to `limit` entries of which one of these is the original, ascending."""

    def read_contents(self, numbers: Sequence[int]) -> dict[int, Content]:
        """The contents of these articles."""
        if not numbers:
            return {}
        query = "SELECT number, fields, text FROM contents WHERE number IN LIST"
        contents = {number: read_content(row) for number, *row in self._rows(query, numbers)}
        if missing := set(numbers) - set(contents):
            raise damaged(f"the content of article number {min(missing)} is missing")
        return contents

    def read_sizes(self, numbers: Sequence[int]) -> dict[int, int]:
        """The bytes of those of these texts that are here, compressed."""
        query = (
            "SELECT number, length(text) FROM contents WHERE number IN LIST AND text IS NOT NULL"
        )
        return dict(expect_numbers(self._rows(query, numbers))) if numbers else {}

    def read_articles(self, after: int, limit: int) -> list[tuple[Entry, Content]]:
        """The first `limit` articles numbered above `after`, ascending."""
        query = f"SELECT {ENTRY}, fields, text FROM articles LEFT JOIN contents USING (number)"
        rows = self._rows(f"{query} WHERE number > ? ORDER BY number LIMIT ?", after, limit)
        return [(read_entry(row[:6]), read_content(row[6:])) for row in rows]

    def ids_before(self, moment: float, limit: int) -> list[str]:
        """The ids of the first `limit` articles published before a moment, by number."""
        query = f"SELECT {ENTRY} FROM articles WHERE published < ? ORDER BY number LIMIT ?"
        return [read_entry(row).id for row in self._rows(query, moment, limit)]

    def count(self) -> int:
        """How many articles there are."""
        return self._count("articles")

    def last_id(self) -> int:
        """The last number given: how many articles there have ever been."""
        return self._articles

    def span(self) -> int:
        """How many articles were added from the oldest on that is still here, removed ones too."""
        if self._oldest is None:
            ((self._oldest,),) = self._rows("SELECT min(number) FROM articles")
        return self._articles - self._oldest + 1 if self._oldest else 0

    # Openings

    def add_opening(self, number: int, language: str, vector: bytes) -> None:
        """Keep what an article begins with, as `dedup.index.across` has it."""
        query = "INSERT INTO openings (number, language, vector) VALUES (?, ?, ?)"
        self._write(query, number, language, vector)

    def read_openings(self, after: int, limit: int) -> list[tuple[int, str, bytes]]:
        """(number, language, vector) of the first `limit` articles above `after`, ascending."""
        query = "SELECT number, language, vector FROM openings WHERE number > ?"
        return self._rows(f"{query} ORDER BY number LIMIT ?", after, limit)

    def read_opening_vectors(self, numbers: Sequence[int]) -> list[tuple[int, bytes]]:
        """(number, vector) of those of these articles that have one, ascending."""
        query = "SELECT number, vector FROM openings WHERE number IN LIST ORDER BY number"
        return self._rows(query, numbers)

    # Postings

    def add_postings(self, number: int, bands: Keys, terms: Keys, runs: Keys = ()) -> None:
        """Add an article to the postings of these keys of bands, these terms and these runs."""
        for table, keys in (("bands", bands), ("runs", runs)):
            self._insert_numbers(f"{table} (key, number)", [(key, number) for key in keys])
        if number == self._articles:
            self._add_terms(number, terms)
        else:  # it takes the place of another, and newer articles may stand under these terms
            self.post_terms(np.array(terms, np.int64), np.full(len(terms), number, np.int64))

    def post_terms(self, terms: Numbers, numbers: Numbers) -> None:
        """Post under each of `terms` the article beside it in `numbers`, whenever it was added."""
        rows = self._read_terms(np.unique(terms).tolist())
        self._put_terms(merge_postings(rows, terms, numbers))

    def delete_postings(self, number: int, bands: Keys, terms: Keys, runs: Keys = ()) -> None:
        """Delete an article from the postings of these keys of bands, these terms and runs."""
        self._write("DELETE FROM bands WHERE number = ? AND key IN LIST", number, bands)
        self._write("DELETE FROM runs WHERE number = ? AND key IN LIST", number, runs)
        for term, blob in self._read_terms(terms):
            numbers = np.frombuffer(blob, NUMBER)
            if left := numbers[numbers != number].tobytes():
                self._write("UPDATE terms SET numbers = ? WHERE term = ?", left, term)
            else:
                self._write("DELETE FROM terms WHERE term = ?", term)

    @abstractmethod
    def lookup_bands(self, bands: Sequence[int], limit: int) -> list[int]:
        """The numbers that stand under any of these keys of bands, at most the last `limit`
        under each; ascending, each once."""

    def lookup_runs(self, runs: Sequence[int]) -> Numbers:
        """The postings of these runs, packed, ascending."""
        rows = self._rows("SELECT key, number FROM runs WHERE key IN LIST", runs)
        return np.sort(pack_rows(rows))

    def lookup_terms(self, terms: Sequence[int]) -> Postings:
        """The last postings of those of these terms that have any."""
        return read_postings(self._read_terms(terms))

    # Pairs

    def add_pairs(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Remember pairs (a < b) to be related; those known already stay as they are."""
        self._insert_numbers("pairs (a, b)", pairs)

    def pending_pairs(self, limit: int, after: tuple[int, int] = (0, 0)) -> list[tuple[int, int]]:
        """The first pairs above `after` that are not related yet, ascending."""
        query = "SELECT a, b FROM pairs WHERE relation IS NULL AND (a, b) > (?, ?)"
        return expect_numbers(self._rows(f"{query} ORDER BY a, b LIMIT ?", *after, limit))

    def save_relations(self, pairs: Sequence[IndexPair]) -> None:
        """Keep the relations of pairs, and mark their articles as unsettled."""
        for pair in pairs:
            query = "UPDATE pairs SET relation = ? WHERE a = ? AND b = ?"
            self._write(query, pair.relation, pair.a, pair.b)
        self.mark_unsettled([number for pair in pairs for number in (pair.a, pair.b)])

    def read_relations(self, numbers: Sequence[int]) -> list[IndexPair]:
        """The related pairs that have one of these articles, ascending, each once."""
        query = "SELECT a, b, relation FROM pairs WHERE relation IS NOT NULL AND {} IN LIST"
        rows = [row for end in "ab" for row in self._rows(query.format(end), numbers)]
        return sorted({read_pair(row) for row in rows}, key=lambda pair: (pair.a, pair.b))

    def partners(self, number: int) -> list[int]:
        """The articles that stand in a pair with this one, related or not, ascending."""
        query = "SELECT b FROM pairs WHERE a = ? UNION SELECT a FROM pairs WHERE b = ? ORDER BY 1"
        return [other for (other,) in expect_numbers(self._rows(query, number, number))]

    # Clusters

    def unsettled(self, limit: int) -> list[int]:
        """The first articles whose cluster must be worked out anew, ascending."""
        query = "SELECT number FROM unsettled ORDER BY number LIMIT ?"
        return [number for (number,) in self._rows(query, limit)]

    def mark_unsettled(self, numbers: Sequence[int]) -> None:
        """Mark articles whose cluster must be worked out anew."""
        self._insert_numbers("unsettled (number)", [(number,) for number in numbers])

    def read_clusters(self, numbers: Sequence[int] | None = None) -> list[tuple[int, int]]:
        """(cluster, number) of these articles, or of all in clusters, ascending."""
        query = "SELECT cluster, number FROM clusters"
        if numbers is None:
            return expect_numbers(self._rows(f"{query} ORDER BY cluster, number"))
        return sorted(expect_numbers(self._rows(f"{query} WHERE number IN LIST", numbers)))

    def cluster_ids(self, after: int, limit: int) -> list[int]:
        """The first `limit` clusters numbered above `after`, ascending."""
        query = "SELECT DISTINCT cluster FROM clusters WHERE cluster > ? ORDER BY cluster LIMIT ?"
        return [cluster for (cluster,) in self._rows(query, after, limit)]

    def count_clusters(self) -> int:
        """How many clusters there are."""
        return self._count("(SELECT DISTINCT cluster FROM clusters) AS clusters")

    def read_members(self, cluster: int) -> list[int]:
        """The numbers of a cluster's articles, ascending."""
        query = "SELECT number FROM clusters WHERE cluster = ? ORDER BY number"
        return [number for (number,) in self._rows(query, cluster)]

    def save_clusters(self, numbers: Sequence[int], rows: Sequence[tuple[int, int]]) -> None:
        """Settle these articles: they are in the clusters of `rows` (cluster, number) and in no
        other."""
        for table in ("clusters", "unsettled"):
            self._write(f"DELETE FROM {table} WHERE number IN LIST", numbers)
        self._insert_numbers("clusters (cluster, number)", rows)

    def next_cluster(self) -> int:
        """A number for a cluster that none has had."""
        self._changed = True
        self._clusters += 1
        return self._clusters

    # Housekeeping

    def stats(self) -> IndexStats:
        """How much there is; walks through the tables."""
        sums = "(SELECT coalesce(sum(length(numbers)), 0) FROM terms)", "sum(length(text))"
        ((postings, texts),) = self._rows(f"SELECT {', '.join(sums)} FROM contents")
        ((oldest, newest),) = self._rows("SELECT min(published), max(published) FROM articles")
        return IndexStats(
            articles=self._count("articles"),
            bands=self._count("bands"),
            runs=self._count("runs"),
            terms=int(postings) // NUMBER.itemsize,
            common=self._count(f"terms WHERE length(numbers) >= {POSTED_BYTES}"),
            pending=self._count("pairs WHERE relation IS NULL"),
            relations=self._count("pairs WHERE substr(relation, 1, 1) = '{'"),
            clusters=self.count_clusters(),
            text_bytes=int(texts or 0),
            bytes=self._size(),
            oldest=spell_moment(oldest),
            newest=spell_moment(newest),
        )

    def migrate_tables(self) -> bool:
        """Make tables of a former format those of now, unless another process has; say whether
        terms must be counted anew."""
        kept = dict(self._rows("SELECT name, value FROM settings"))
        self.settings = migrate_settings(kept)
        if not is_former(kept):
            return False
        if counts_anew := kept["format"] in COUNTED_FOR_GOOD:
            self._write("DROP TABLE common")
        missing = {"recent"} if "runs" in kept else {"runs", "recent"}
        for statement in read_schema(self._schema):
            if statement.split()[:2] == ["CREATE", "TABLE"] and statement.split()[2] in missing:
                self._write(statement)
        self._write("DELETE FROM settings")
        for name, value in self.settings.items():
            self._write("INSERT INTO settings VALUES (?, ?)", name, value)
        return counts_anew

    def find_damage(self) -> list[str]:
        """What does not hold together, whatever the articles say, as far as the store can tell."""
        return []

    @abstractmethod
    def compact(self) -> None:
        """Reclaim the disk space of what was deleted."""

    @abstractmethod
    def back_up(self, path: Path) -> None:
        """Write a copy of one moment to the new file `path`, while others read and write."""

    # What each database does in its own way

    @abstractmethod
    def _add_terms(self, number: int, terms: Sequence[int]) -> None:
        """Append the last article to the postings of terms, of which the last are kept."""

    @abstractmethod
    def _put_terms(self, rows: Blobs) -> None:
        """Keep postings of terms in place of those that these have."""

    @abstractmethod
    def _read_terms(self, terms: Sequence[int]) -> list[tuple[int, bytes]]:
        """The postings of terms as they are kept, by term."""

    @abstractmethod
    def _size(self) -> int:
        """The bytes that all tables take."""
