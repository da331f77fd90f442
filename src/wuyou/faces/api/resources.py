"""A resource: what is listed, filtered, sorted and found by id, always from what its user may see."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from ninja.errors import ValidationError
from pydantic import BaseModel, ConfigDict, Field, create_model

from wuyou.domains.org.models import User
from wuyou.kernel.errors import Denied, Invalid, Missing
from wuyou.kernel.transactions import lock
from wuyou.ui.visitor import user_of

from .access import gates
from .answers import SAFE, check_match, read
from .shapes import Shape, page_of
from .values import LARGEST, PathId, text

MOST_PAGES = 10_000
MOST_ON_A_PAGE = 200
Rows = Callable[[User], QuerySet[Any]]


class Question(BaseModel):
    """The query of a list: unknown parameters are refused."""

    model_config = ConfigDict(extra="forbid")

    page: Annotated[int, Field(ge=1, le=MOST_PAGES)] = 1
    size: Annotated[int, Field(ge=1, le=MOST_ON_A_PAGE)] = 50
    with_total: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A query parameter: the kind of its value and the lookup, or a function (rows, value) → rows."""

    kind: Any
    by: str | Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Resource:
    """Records of one kind: `view` names the rights of which one is needed, `rows` what a user may see of them."""

    name: str
    shape: Shape
    rows: Rows
    view: Sequence[str]
    filters: Mapping[str, Filter] = field(default_factory=dict)
    sorts: Mapping[str, str] = field(default_factory=dict)
    search: Sequence[str] = ()
    detail: Shape | None = None
    whole: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None  # rows with all that the detail shows

    @property
    def one(self) -> Shape:
        """How a single record is shown."""
        return self.detail or self.shape

    def found(self, user: User, pk: int) -> Any:
        """A record the user may see; raises Missing for any other."""
        rows = self.rows(user)
        row = (self.whole(rows) if self.whole else rows).filter(pk=pk).first()
        if row is None:
            raise Missing(_("There is no such thing, or not for you."))
        return row

    def subject(self, request: HttpRequest, pk: int) -> Any:
        """The record a request is about; one that changes it must not be older than its If-Match says."""
        user = user_of(request)
        row = self.found(user, pk)
        if request.method not in SAFE and "If-Match" in request.headers:
            lock(row)
            row = self.found(user, pk)
            check_match(request, lambda: self.one.of(row))
        return row

    def named(self, request: HttpRequest, pk: int, *, at: str) -> Any:
        """A record a body refers to; raises Invalid at its field when it is not there for this user."""
        try:
            return self.found(user_of(request), pk)
        except (Missing, Denied) as error:
            raise Invalid(fields={at: error.message}) from error

    def several(self, request: HttpRequest, ids: Sequence[int], *, at: str) -> list[Any]:
        """Records a body refers to, in the order asked for; raises Invalid naming the first that is not there."""
        return self.of_user(user_of(request), ids, at=at)

    def of_user(self, user: User, ids: Sequence[int], *, at: str) -> list[Any]:
        """The same for a user; each record once."""
        rows = self.rows(user)
        known = {row.pk: row for row in (self.whole(rows) if self.whole else rows).filter(pk__in=ids)}
        missing = [position for position, pk in enumerate(ids) if pk not in known]
        if missing:
            raise Invalid(fields={f"{at}.{missing[0]}": _("There is no such thing, or not for you.")})
        return [known[pk] for pk in dict.fromkeys(ids)]

    def shown(self, request: HttpRequest, pk: int) -> dict[str, Any]:
        """A record as it is now."""
        return self.one.of(self.found(user_of(request), pk))

    def question(self) -> type[BaseModel]:
        """The description of the list's query."""
        fields: dict[str, Any] = {
            name: (given.kind | None, Field(default=None)) for name, given in self.filters.items()
        }
        if self.search:
            fields["q"] = (text(100) | None, Field(default=None, description="part of " + ", ".join(self.search)))
        if self.sorts:
            words = tuple(word for name in self.sorts for word in (name, f"-{name}"))
            fields["sort"] = (Literal[words] | None, Field(default=None))
        return create_model(f"{self.shape.name}Query", __base__=Question, **fields)

    def page(self, request: HttpRequest, asked: Any) -> dict[str, Any]:
        """A page of the list: filtered, sorted, bounded."""
        rows = self._narrowed(self.rows(user_of(request)), asked)
        order = self._order(asked)
        if order:
            rows = rows.order_by(order, "pk")
        first = (asked.page - 1) * asked.size
        some = list(rows[first : first + asked.size + 1])
        return {
            "items": self.shape.all(some[: asked.size]),
            "page": asked.page,
            "size": asked.size,
            "has_more": len(some) > asked.size,
            "total": rows.count() if asked.with_total else None,
        }

    def _order(self, asked: Any) -> str:
        word = getattr(asked, "sort", None) or ""
        down = "-" if word.startswith("-") else ""
        return down + self.sorts[word.removeprefix("-")] if word else ""

    def _narrowed(self, rows: Any, asked: Any) -> Any:
        for name, given in self.filters.items():
            value = getattr(asked, name)
            if value is not None:
                rows = given.by(rows, value) if callable(given.by) else rows.filter(**{given.by: value})
        words = getattr(asked, "q", None)
        if words:
            rows = rows.filter(reduce(or_, (Q(**{f"{column}__icontains": words}) for column in self.search)))
        return rows

    def expose(self, router: Router, *, single: bool = True) -> None:
        """Give the list and the single record their addresses."""
        self._expose_list(router)
        if single:
            self._expose_one(router)

    def _expose_list(self, router: Router) -> None:
        question = self.question()

        def view(request: HttpRequest, asked: Query[question]) -> HttpResponse:  # type: ignore[valid-type]
            refuse_unknown(request, question)
            return read(request, self.page(request, asked))

        router.get(
            f"/{self.name}", response=page_of(self.shape), operation_id=f"{self.word}_list",
            summary=f"List {self.name.replace('-', ' ')}", openapi_extra=needing(self.view), auth=gates(self.view),
        )(view)  # fmt: skip

    def _expose_one(self, router: Router) -> None:
        def view(request: HttpRequest, id: PathId) -> HttpResponse:  # noqa: A002 — the name in the address
            return read(request, self.one.of(self.subject(request, id)))

        router.get(
            f"/{self.name}/{{int:id}}", response=self.one.model, operation_id=f"{self.word}_get",
            summary=f"One of {self.name.replace('-', ' ')}", openapi_extra=needing(self.view), auth=gates(self.view),
        )(view)  # fmt: skip

    @property
    def word(self) -> str:
        """The name as it stands in the names of operations."""
        return self.name.replace("-", "_").replace("/", "_")


def refuse_unknown(request: HttpRequest, question: type[BaseModel]) -> None:
    """Raise ValidationError for a parameter nobody asked for: a misspelt filter must not show everything."""
    unknown = sorted(set(request.GET) - set(question.model_fields))
    if unknown:
        raise ValidationError([{"loc": ("query", name), "msg": "there is no such parameter"} for name in unknown])


def needing(needs: Sequence[str]) -> dict[str, Any]:
    """The rights of which an operation needs one, as its description says them."""
    return {"x-permissions": list(needs)}


def ids(by: str) -> Filter:
    """A filter by the id of something else."""
    return Filter(Annotated[int, Field(ge=1, le=LARGEST)], by)
