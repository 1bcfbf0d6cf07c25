"""What a browser sends: forms that carry the mark of their session, and files in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import NamedTuple

from fastapi import Request
from markupsafe import Markup, escape
from starlette.datastructures import UploadFile

from dedup.serve.house import House
from dedup.serve.problems import Refusal
from dedup.serve.requests import MAX_FIELD, MAX_TEXT

MARK = "mark"  # the field that shows where a form is from
MAX_FIELDS = 30
LONG = ("text", "source", "derivative")  # fields that hold a text


class File(NamedTuple):
    """A file that was sent."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in, and the file that came along."""

    fields: Mapping[str, str]
    file: File | None

    def __getitem__(self, name: str) -> str:
        """What a field holds; empty where there is none."""
        return self.fields.get(name, "")


async def read_form(request: Request, house: House) -> Form:
    """The form of a request; a refusal where it was not made for this session."""
    form = await request.form(
        max_files=1, max_fields=MAX_FIELDS, max_part_size=house.settings.max_body
    )
    mark = form.get(MARK)
    session = request.scope["state"]["session"]
    if not (isinstance(mark, str) and house.gate.is_form_mark(session, mark)):
        what = "this form is too old, or was not made here; go back, reload the page and try again"
        raise Refusal(HTTPStatus.FORBIDDEN, what)
    fields, file = dict[str, str](), None
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            if value.filename:
                file = File(value.filename, await value.read())
        elif len(value) > (MAX_TEXT if name in LONG else MAX_FIELD):
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"{name} is too long")
        else:
            fields[name] = value.replace("\r\n", "\n") if name in LONG else value.strip()
    return Form(fields, file)


def form_mark(request: Request, house: House) -> Markup:
    """The hidden field that shows that a form was made for this session."""
    mark = house.gate.form_mark(request.scope["state"]["session"])
    return Markup(f'<input type="hidden" name="{MARK}" value="{escape(mark)}">')
