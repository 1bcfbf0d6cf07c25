"""What programs send to the interface, with examples."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from dedup.article import Article

MAX_TEXT = 4_000_000  # characters
MAX_FIELD = 4_000
MAX_ARTICLES = 200  # that are compared with each other in one request
MAX_LEVELS = 100  # of objects and lists within each other
DRAFT: dict[str, Any] = {
    "text": "Russia began transferring North Korean artillery to Crimea, German television "
    "reported on Thursday. Images show Koksan guns on a train in the north of the peninsula.",
    "title": "North Korean guns on the way to Crimea",
    "publisher": "Example Post",
    "published": "2025-03-28T14:05:00+00:00",
}
SOURCE: dict[str, Any] = {
    "id": "zdf",
    "text": "Russia has started transferring Koksan guns from North Korea to Crimea. Pictures of "
    "26 March show them on a train in the north of the peninsula.",
    "publisher": "ZDF",
    "published": "2025-03-27",
}

Id = Field(min_length=1, max_length=2_000, examples=["zdf"])
Text = Field(min_length=1, max_length=MAX_TEXT)


def limit_depth(extra: dict[str, Any]) -> dict[str, Any]:
    """The extra fields of an article; `ValueError` where they are nested so deep that they could be
    kept and never be sent again."""
    level, depth = [extra], 1
    while level := [item for value in level for item in inside(value)]:
        depth += 1
        if depth > MAX_LEVELS:
            raise ValueError(f"is nested deeper than {MAX_LEVELS} levels")
    return extra


def inside(value: Any) -> list[Any]:
    """The objects and lists that stand directly in one."""
    items = value.values() if isinstance(value, dict) else value
    return [item for item in items if isinstance(item, dict | list)]


Extra = Annotated[
    dict[str, Any],
    AfterValidator(limit_depth),
    Field(description=f"Anything else, kept as it is; at most {MAX_LEVELS} levels deep."),
]


class Fields(BaseModel):
    """What there may be of an article besides its id and text."""

    model_config = ConfigDict(extra="forbid", strict=True)

    title: str | None = Field(None, max_length=MAX_FIELD)
    publisher: str | None = Field(None, max_length=MAX_FIELD)
    published: str | None = Field(
        None, max_length=100, description="A day or a moment, ISO 8601.", examples=["2025-03-28"]
    )
    url: str | None = Field(
        None, max_length=MAX_FIELD, description="Where it stands. Never fetched."
    )
    language: str | None = Field(None, max_length=100, examples=["en"])
    byline: str | None = Field(None, max_length=MAX_FIELD)


class Draft(Fields):
    """A draft: its text, and what else is known of it."""

    id: str | None = Field(None, min_length=1, max_length=2_000, examples=["draft"])
    text: str = Text

    def article(self) -> Article:
        """The draft as the library has it."""
        return Article(**{**self.model_dump(include=ARTICLE), "id": self.id or "draft"})


class NewArticle(Fields):
    """An article with the id that it is kept by. An id stands for one text."""

    model_config = ConfigDict(json_schema_extra={"examples": [SOURCE]})

    id: str = Id
    text: str = Text
    extra: Extra = Field({})

    def article(self) -> Article:
        """The article as the library has it."""
        return Article(**self.model_dump())


class Replacement(Fields):
    """An article without its id, which stands in the address."""

    text: str = Text
    extra: Extra = Field({})

    def article(self, id: str) -> Article:
        """The article as the library has it."""
        return Article(id=id, **self.model_dump())


class AnyArticle(Fields):
    """An article, or only the id of one in the archive."""

    id: str | None = Field(None, min_length=1, max_length=2_000, examples=["zdf"])
    text: str | None = Field(None, min_length=1, max_length=MAX_TEXT)


class CheckRequest(Draft):
    """A draft, and what it is checked against: the archive, unless `against` has articles."""

    model_config = ConfigDict(json_schema_extra={"examples": [DRAFT]})

    against: list[NewArticle] | None = Field(None, min_length=1, max_length=MAX_ARTICLES)
    since: str | None = Field(
        None, max_length=100, description="Leave out what was published before.",
        examples=["2025-03-01"],
    )  # fmt: skip
    until: str | None = Field(
        None, max_length=100, description="Leave out what was published then or later.",
        examples=["2025-04-01"],
    )  # fmt: skip


class CompareRequest(BaseModel):
    """Articles that are compared with each other."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"articles": [SOURCE, {**DRAFT, "id": "post"}]}]},
    )

    articles: list[AnyArticle] = Field(min_length=2, max_length=MAX_ARTICLES)


class AlignRequest(BaseModel):
    """A source, and what may derive from it."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"source": SOURCE, "derivative": {**DRAFT, "id": "post"}}]},
    )

    source: AnyArticle
    derivative: AnyArticle


ARTICLE = {"id", "text", *Fields.model_fields}
