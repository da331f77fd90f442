"""Target letters: KPIs, months, points and forecasts (spec 06)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from wuyou.domains.appraisal.actions import targets as actions
from wuyou.domains.appraisal.choices import LetterState, YearMethod
from wuyou.domains.appraisal.flows import LETTER_FLOW, MANAGE_TARGETS
from wuyou.domains.appraisal.models import Kpi, TargetLetter
from wuyou.domains.appraisal.policies import VIEW
from wuyou.domains.appraisal.queries.targets import letter_owners, letters_visible_to, progress_of
from wuyou.domains.org.models import Project, User
from wuyou.faces.api.operations import Acts, Step, maybe, possible, ref, steps
from wuyou.faces.api.org.tree import PROJECTS
from wuyou.faces.api.questions import ask_of
from wuyou.faces.api.resources import Filter, Resource, ids
from wuyou.faces.api.shapes import Amount, shape
from wuyou.faces.api.values import Code, Day, Given, Id, choice, decimal, listed, number, text
from wuyou.kernel.errors import Invalid, Missing
from wuyou.kernel.explain import to_json

from . import router

KPI = shape("Kpi", Kpi, "id key name_zh name_en unit baseline target stretch weight method metric owner")
LETTERS = Resource(
    "target-letters",
    shape(
        "TargetLetter", TargetLetter, "id project year title owner state issued_on issued_by",
        kpis=(list[KPI.model], lambda row: KPI.all(row.kpis.all())),  # type: ignore[name-defined]
        steps=possible(LETTER_FLOW),
    ),
    lambda user: letters_visible_to(user).prefetch_related("kpis"),
    view=[VIEW],
    filters={
        "project_id": ids("project"), "year": Filter(number(2000, 2100), "year"),
        "state": Filter(choice(LetterState), "state"),
    },
    sorts={"year": "year"},
)  # fmt: skip
NUMBER = decimal(9, 4, signed=True)


class KpiGiven(Given):
    """One KPI: baseline, target and perhaps stretch in its unit; `metric` names the figure it is read from."""

    key: Code
    name_zh: text(120, least=1)  # type: ignore[valid-type]
    baseline: NUMBER  # type: ignore[valid-type]
    target: NUMBER  # type: ignore[valid-type]
    weight: decimal(3)  # type: ignore[valid-type]
    name_en: text(120) = ""  # type: ignore[valid-type]
    stretch: NUMBER | None = None  # type: ignore[valid-type]
    unit: text(20) = ""  # type: ignore[valid-type]
    method: choice(YearMethod) = YearMethod.MEAN.value  # type: ignore[valid-type]
    metric: text(60) = ""  # type: ignore[valid-type]
    owner: text(80) = ""  # type: ignore[valid-type]


def _specs(given: list[KpiGiven]) -> list[actions.KpiSpec]:
    return [actions.KpiSpec(**one.model_dump()) for one in given]


def draft(
    *, project: Project, year: int, title: str, kpis: list[KpiGiven], by: User, owner_id: int | None = None
) -> TargetLetter:
    """Write a target letter; its owner is whoever writes it, where nobody is named."""
    owner = letter_owners(by).filter(pk=owner_id or by.pk).first()
    if owner is None:
        raise Invalid(fields={"owner_id": "There is no such person, or not for you."})
    return actions.draft_letter(project, year=year, title=title, owner=owner, kpis=_specs(kpis), by=by)


def change(letter: TargetLetter, *, title: str, kpis: list[KpiGiven], by: User) -> None:
    """Write a draft letter anew."""
    actions.change_letter(letter, title=title, kpis=_specs(kpis), by=by)


def enter(letter: TargetLetter, *, key: str, month: dt.date, value: Decimal, by: User, note: str = "") -> None:
    """Enter a month's value of a KPI by its code; the newest counts."""
    kpi = letter.kpis.filter(key=key).first()
    if kpi is None:
        raise Missing("The letter has no such KPI.")
    kpi.letter = letter
    actions.enter_kpi(kpi, month=month, value=value, note=note, by=by)


LETTERS.expose(router)
on_letters = Acts(router, LETTERS, [MANAGE_TARGETS])
KPIS = listed(KpiGiven, 50)
on_letters.add(
    draft,
    {"project": ref(PROJECTS), "year": number(2000, 2100), "title": text(120, least=1), "kpis": KPIS,
     "owner_id": maybe(Id)},
)  # fmt: skip
on_letters.put("content", change, {"title": text(120, least=1), "kpis": KPIS})
on_letters.post("months", enter, {"key": Code, "month": Day, "value": NUMBER, "note": maybe(text(200))})
MEASURED = shape("KpisMeasured", None, "", count=(int, lambda count: count))
on_letters.post("measure", actions.measure_kpis, {"month": Day}, answer=MEASURED)


def _move(step: str) -> Step:
    def move(letter: TargetLetter, *, by: User) -> None:
        actions.move_letter(letter, step=step, by=by)

    move.__doc__ = f"Take the letter along its flow: {step}."
    return move, {}


steps(on_letters, LETTER_FLOW, {step.name: _move(step.name) for step in LETTER_FLOW.transitions})


def _by_month(values: dict[dt.date, Decimal]) -> dict[str, Decimal]:
    return {f"{day:%Y-%m}": value for day, value in values.items()}


PROGRESS = shape(
    "KpiProgress", None, "",
    key=(str, "kpi.key"), months=(dict[str, Amount], lambda one: _by_month(one.months)),
    year_so_far=(Any, lambda one: to_json(one.node)), outlook="outlook",
    forecast=(Amount | None, lambda one: one.forecast.value if one.forecast else None),
    low=(Amount | None, lambda one: one.forecast.low if one.forecast else None),
    high=(Amount | None, lambda one: one.forecast.high if one.forecast else None),
)  # fmt: skip


def progress(letter: TargetLetter, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """Each KPI's months, its year so far as a tree, and the year's forecast with its 90 % interval."""
    return PROGRESS.all(progress_of(letter))


ask_of(router, LETTERS, "progress", progress, list[PROGRESS.model], [VIEW])  # type: ignore[name-defined]
