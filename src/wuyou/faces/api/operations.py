"""Operations that change something, as tables: address, action, what is given, what comes back.

    on_assets = Acts(router, ASSETS, needs=[MANAGE_ASSETS])
    on_assets.post("move", move_asset, {"to": ref(PLACES)})        # POST /assets/{id}/move {"to_id": 7}

A value is handed to the action under its own name; `ref` turns an id into the record the user may see. A field that
is wrapped in `maybe` and left out is not handed over, so that the action's own default counts.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, Field, create_model

from wuyou.kernel.errors import FieldError, Invalid
from wuyou.kernel.flows import Flow
from wuyou.ui.visitor import user_of

from .access import gates
from .answers import done, loose
from .resources import Resource, needing
from .shapes import Shape
from .values import Given, Id, PathId, listed

Fields = Mapping[str, Any]
Data = dict[str, Any]
IDEMPOTENCY = {
    "in": "header", "name": "Idempotency-Key", "required": False,
    "description": "the same request sent again with the same key is answered, not done again",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}  # fmt: skip
MATCH = {
    "in": "header", "name": "If-Match", "required": False,
    "description": "the ETag of the record as it was read; 412 when it has changed since",
    "schema": {"type": "string", "maxLength": 200, "pattern": "^[ -~]*$"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Maybe:
    """A field that may be left out."""

    kind: Any


@dataclass(frozen=True, slots=True)
class Ref:
    """An id in a body that stands for a record; `many` for a list of them; `empty` allows null."""

    to: Resource
    many: bool = False
    empty: bool = False


def maybe(kind: Any) -> Maybe:
    """A field that may be left out."""
    return Maybe(kind)


def ref(to: Resource, *, empty: bool = False) -> Ref:
    """A record by its id, under the name with `_id` behind."""
    return Ref(to, empty=empty)


def refs(to: Resource) -> Ref:
    """Records by their ids, under the name in the singular with `_ids` behind."""
    return Ref(to, many=True)


def body(name: str, fields: Fields) -> type[BaseModel]:
    """The description of what is given."""
    types: dict[str, Any] = {}
    for field, given in fields.items():
        kind = given.kind if isinstance(given, Maybe) else given
        default = Field(default=None) if isinstance(given, Maybe) else ...
        types[_outside(field, kind)] = (_typed(kind), default)
    return create_model(name, __base__=Given, **types)


def _outside(field: str, kind: Any) -> str:
    if not isinstance(kind, Ref):
        return field
    return f"{field.removesuffix('s')}_ids" if kind.many else f"{field}_id"


def _typed(kind: Any) -> Any:
    if not isinstance(kind, Ref):
        return kind
    if kind.many:
        return listed(Id)
    return Id | None if kind.empty else Id


def handed(request: HttpRequest, fields: Fields, given: BaseModel | None) -> Data:
    """What the action is called with: names as the action has them, ids turned into records."""
    if given is None:
        return {}
    values: Data = {}
    for field, wrapped in fields.items():
        kind = wrapped.kind if isinstance(wrapped, Maybe) else wrapped
        outside = _outside(field, kind)
        if outside in given.model_fields_set:
            values[field] = _resolved(request, kind, getattr(given, outside), outside)
    return values


def _resolved(request: HttpRequest, kind: Any, value: Any, outside: str) -> Any:
    if isinstance(kind, Ref) and value is not None:
        pick = kind.to.several if kind.many else kind.to.named
        return pick(request, value, at=outside)
    return value


@contextmanager
def said_outside(fields: Fields) -> Iterator[None]:
    """Let what an action finds wrong point at the names the request has."""
    try:
        yield
    except Invalid as error:
        kinds = {name: kind.kind if isinstance(kind, Maybe) else kind for name, kind in fields.items()}
        outside = {name: _outside(name, kind) for name, kind in kinds.items()}
        error.fields = [FieldError(outside.get(one.field, one.field), one.message) for one in error.fields]
        raise


@dataclass(frozen=True, slots=True)
class Acts:
    """Operations on one kind of record."""

    router: Router
    on: Resource
    needs: Sequence[str]

    def post(self, step: str, action: Callable[..., Any], fields: Fields | None = None, **how: Any) -> None:
        """POST /<records>/{id}/<step>."""
        self.change("POST", f"/{self.on.name}/{{int:id}}/{step}", step, action, fields, **how)

    def put(self, step: str, action: Callable[..., Any], fields: Fields, **how: Any) -> None:
        """PUT /<records>/{id}/<step>."""
        self.change("PUT", f"/{self.on.name}/{{int:id}}/{step}", f"set_{step}", action, fields, **how)

    def patch(self, action: Callable[..., Any], fields: Fields, **how: Any) -> None:
        """PATCH /<records>/{id}."""
        self.change("PATCH", f"/{self.on.name}/{{int:id}}", "change", action, fields, **how)

    def take_out(self, action: Callable[..., Any], **how: Any) -> None:
        """DELETE /<records>/{id}: for what the product really forgets."""
        self.change("DELETE", f"/{self.on.name}/{{int:id}}", "remove", action, None, answer=None, **how)

    def add(self, action: Callable[..., Any], fields: Fields, **how: Any) -> None:
        """POST /<records>: a new one."""
        self.free(f"/{self.on.name}", "add", action, fields, status=201, **how)

    def free(
        self, path: str, step: str, action: Callable[..., Any], fields: Fields, *, status: int = 200,
        answer: Any = "own", needs: Sequence[str] | None = None, by_person: bool = False, method: str = "POST",
        secret: bool = False,
    ) -> None:  # fmt: skip
        """An operation that is about no single record of this kind that exists already."""
        operation = Operation(self, action, fields, answer, needs or self.needs, by_person, status, is_secret=secret)
        given_type = body(_camel(f"{self.on.word}_{step}"), fields)

        def view(request: HttpRequest, given: given_type) -> HttpResponse:  # type: ignore[valid-type]
            return operation.run(request, None, given)

        operation.route(path, method, step)(view)

    def change(
        self, method: str, path: str, step: str, action: Callable[..., Any], fields: Fields | None, *,
        answer: Any = "own", needs: Sequence[str] | None = None, by_person: bool = False, secret: bool = False,
        atomic: bool = True,
    ) -> None:  # fmt: skip
        """An operation on a record; one that is not `atomic` takes several units of its own."""
        operation = Operation(
            self,
            action,
            fields or {},
            answer,
            needs or self.needs,
            by_person,
            200,
            is_change=True,
            is_secret=secret,
            is_atomic=atomic,
        )
        if not fields:

            def view(request: HttpRequest, id: PathId) -> HttpResponse:  # noqa: A002 — the name in the address
                return operation.run(request, id, None)

            operation.route(path, method, step)(view)
            return
        given_type = body(_camel(f"{self.on.word}_{step}"), fields)

        def view_given(request: HttpRequest, id: PathId, given: given_type) -> HttpResponse:  # type: ignore[valid-type]  # noqa: A002
            return operation.run(request, id, given)

        operation.route(path, method, step)(view_given)


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of the table, able to run."""

    acts: Acts
    action: Callable[..., Any]
    fields: Fields
    answer: Any  # "own": the record; a Shape: of what the action gave; a reader: (given) → data; None: nothing
    needs: Sequence[str]
    by_person: bool
    status: int
    is_change: bool = False
    is_secret: bool = False
    is_atomic: bool = True

    def run(self, request: HttpRequest, pk: int | None, given: BaseModel | None) -> HttpResponse:
        """Act, answer."""

        def act() -> Any:
            first = () if pk is None else (self.acts.on.subject(request, pk),)
            values = handed(request, self.fields, given)
            with said_outside(self.fields):
                result = self.action(*first, by=user_of(request), **values)
            return self.answered(request, pk, result)

        return done(request, act, status=self.status, is_secret=self.is_secret) if self.is_atomic else loose(act)

    def answered(self, request: HttpRequest, pk: int | None, result: Any) -> Any:
        """What came of it, as data."""
        if self.answer == "own":
            return self.acts.on.shown(request, pk or result.pk)
        if isinstance(self.answer, Shape):
            return self.answer.of(result)
        if isinstance(self.answer, Told):
            return self.answer.read(result)
        return None

    def route(self, path: str, method: str, step: str) -> Callable[[Any], Any]:
        """The place in the API, with all its description says."""
        once = self.is_atomic and not self.is_secret
        headers = [*([IDEMPOTENCY] if once else []), *([MATCH] if self.is_change and self.is_atomic else [])]
        return self.acts.router.api_operation(
            [method],
            path,
            response={self._status: self._described},
            operation_id=f"{self.acts.on.word}_{step}".replace("-", "_"),
            summary=step.replace("_", " ").replace("-", " ").capitalize(),
            description=inspect.getdoc(self.action) or "",
            openapi_extra={"parameters": headers, **needing(self.needs), "x-person-only": self.by_person},
            auth=gates(self.needs, by_person=self.by_person),
        )

    @property
    def _status(self) -> int:
        return 204 if self.answer is None else self.status

    @property
    def _described(self) -> Any:
        if self.answer == "own":
            return self.acts.on.one.model
        return self.answer.model if self.answer is not None else None


@dataclass(frozen=True, slots=True)
class Told:
    """An answer that is a few values: their names and kinds, and how they are read off what the action gave."""

    model: type[BaseModel]
    read: Callable[[Any], Any]


def told(name: str, read: Callable[[Any], Any], /, **kinds: Any) -> Told:
    """An answer of a few values."""
    fields: dict[str, Any] = {field: (kind, ...) for field, kind in kinds.items()}
    return Told(create_model(name, __base__=Given, **fields), read)


def one(name: str, field: str, kind: Any) -> Told:
    """An answer of one value, the very thing the action gave."""
    return told(name, lambda result: {field: result}, **{field: kind})


Step = tuple[Callable[..., Any], Fields]


def steps(acts: Acts, flow: Flow, table: Mapping[str, Step], *, inner: Sequence[str] = ()) -> None:
    """A flow's transitions as operations; `inner` are those the product takes itself.

    Raises ValueError when table and flow do not speak of the same transitions.
    """
    declared = {transition.name for transition in flow.transitions} - set(inner)
    if declared != set(table):
        raise ValueError(f"steps of {flow.name}: {sorted(declared ^ set(table))}")
    for name, (action, fields) in table.items():
        acts.post(name, action, fields, needs=[flow.transition(name).permission])


def possible(flow: Flow) -> tuple[Any, Callable[[Any], list[str]]]:
    """A field that names the steps a record's state allows."""
    return list[str], lambda row: [transition.name for transition in flow.from_state(getattr(row, flow.field))]


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.replace("-", "_").split("_"))
