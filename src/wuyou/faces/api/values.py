"""Kinds of values in requests: bounded, typed, described; what does not fit is refused at its pointer (spec 00)."""

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db.models import Model
from django.db.models.enums import TextChoices
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    WithJsonSchema,
)

LARGEST = 2**63 - 1
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})", re.IGNORECASE)
_TIME = re.compile(r"\d{2}:\d{2}")
NO_NUL = r"^[^\x00]*$"


class Given(BaseModel):
    """A request body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


def _written(pattern: re.Pattern[str], example: str) -> BeforeValidator:
    def check(value: object) -> object:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise ValueError(f"write it as {example}")
        return value

    return BeforeValidator(check)


def _in_reach(value: dt.date) -> dt.date:
    day = value.date() if isinstance(value, dt.datetime) else value
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"the year is not between {FIRST_DAY.year} and {LAST_DAY.year}")
    return value


def _plain(value: str) -> str:
    if "\x00" in value:
        raise ValueError("text has no NUL characters")
    return value


Bool = StrictBool
Id = Annotated[int, Field(strict=True, ge=1, le=LARGEST)]
PathId = Annotated[int, Field(ge=1, le=LARGEST)]
Day = Annotated[dt.date, _written(_DAY, "2026-11-20"), AfterValidator(_in_reach)]
Moment = Annotated[AwareDatetime, _written(_MOMENT, "2026-11-20T08:00:00+08:00"), AfterValidator(_in_reach)]
Time = Annotated[dt.time, _written(_TIME, "22:00"), WithJsonSchema({"type": "string", "pattern": r"^\d{2}:\d{2}$"})]
Metres = Annotated[float, Field(strict=True, ge=-1_000_000, le=1_000_000, allow_inf_nan=False)]
Latitude = Annotated[float, Field(strict=True, ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(strict=True, ge=-180, le=180, allow_inf_nan=False)]
Code = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[\w.:-]+$")]
Uuid = UUID


def text(most: int, *, least: int = 0) -> Any:
    """Text of so many characters."""
    return Annotated[str, Field(min_length=least, max_length=most, pattern=NO_NUL), AfterValidator(_plain)]


def column(model: type[Model], name: str) -> Any:
    """Text as long as a column holds; choices where it has them."""
    field: Any = model._meta.get_field(name)
    if field.choices:
        return Literal[tuple(str(code) for code, _ in field.flatchoices)]
    return text(field.max_length or 2000)


def choice(choices: type[TextChoices]) -> Any:
    """One of the codes that are stored."""
    return Literal[tuple(str(code) for code in choices.values if code)]


def one_of(codes: Sequence[str]) -> Any:
    """One of some words."""
    return Literal[tuple(codes)]


def number(least: int = 0, most: int = 2**31 - 1) -> Any:
    """A whole number within bounds."""
    return Annotated[int, Field(strict=True, ge=least, le=most)]


def decimal(whole: int = 8, places: int = 2, *, signed: bool = False) -> Any:
    """A decimal number written as text, so that nothing is lost on the way."""
    pattern = rf"^{'-?' if signed else ''}\d{{1,{whole}}}" + (rf"(\.\d{{1,{places}}})?$" if places else "$")
    shape = re.compile(pattern, re.ASCII)

    def check(value: object) -> Decimal:
        if not isinstance(value, str) or not shape.fullmatch(value):
            raise ValueError("a decimal number is written as text, such as “12.50”")
        return Decimal(value)

    return Annotated[Decimal, BeforeValidator(check), WithJsonSchema({"type": "string", "pattern": pattern})]


def listed(kind: Any, most: int = 500, least: int = 1) -> Any:
    """A list of values, neither endless nor empty unless `least` is 0."""
    return Annotated[list[kind], Field(min_length=least, max_length=most)]


def _bounded(value: Any, depth: int = 0) -> Any:
    if depth > 5:
        raise ValueError("this is nested too deeply")
    if isinstance(value, dict):
        [(_plain(str(key)), _bounded(part, depth + 1)) for key, part in value.items()]
    elif isinstance(value, list):
        [_bounded(part, depth + 1) for part in value]
    elif isinstance(value, str):
        _plain(value)
    return value


Json = Annotated[dict[str, Any], Field(max_length=100), AfterValidator(_bounded)]
