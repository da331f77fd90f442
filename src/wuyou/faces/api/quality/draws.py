"""Draws one can check, and lots by GB/T 2828.1 (spec 05: Draws)."""

from typing import Any

from django.http import HttpRequest

from wuyou.domains.org.models import User
from wuyou.domains.quality.actions import drawing, lots
from wuyou.domains.quality.models import Campaign, Lot, Series, Target
from wuyou.domains.quality.policies.rights import MANAGE_CAMPAIGNS
from wuyou.domains.quality.queries.draws import draws_visible_to
from wuyou.domains.quality.queries.frames import KINDS, SITE_FRAMES
from wuyou.domains.quality.queries.lots import lots_visible_to, series_visible_to, standing
from wuyou.faces.api.operations import Acts, maybe, possible, ref
from wuyou.faces.api.org.tree import NODES
from wuyou.faces.api.questions import ask_of
from wuyou.faces.api.resources import Filter, Resource, ids
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.values import Bool, Given, Json, choice, column, listed, number, one_of, text
from wuyou.kernel.draws import gbt2828
from wuyou.kernel.draws.choices import Allocation, State
from wuyou.kernel.draws.flow import DRAW
from wuyou.kernel.draws.models import Draw
from wuyou.kernel.draws.queries import record_of
from wuyou.kernel.draws.sampling import MOST_UNITS, Method
from wuyou.kernel.draws.switching import Severity

from . import router
from .campaigns import CAMPAIGNS, REASON, SEE, TARGETS

MOST_STRATA = 1_000
DRAWS = Resource(
    "draws",
    shape(
        "Draw", Draw,
        "id case_kind case_id case_label kind title frame_digest commitment word word_by_label word_at state"
        " committed_at committed_by_label drawn_at revealed_at abandoned_at abandoned_because",
        number=(int, lambda draw: draw.method["number"]), waits_for_word=(bool, "waits_for_word"),
        steps=possible(DRAW),
    ),
    lambda user: draws_visible_to(user).defer("frame", "result"),
    view=SEE,
    filters={
        "state": Filter(choice(State), "state"), "kind": Filter(one_of(tuple(KINDS)), "kind"),
        "case_kind": Filter(one_of(("campaign", "target", "lot")), "case_kind"), "case_id": ids("case_id"),
        "commitment": Filter(text(64), "commitment"),
    },
    sorts={"committed_at": "committed_at"},
    search=("title",),
)  # fmt: skip


class ShareGiven(Given):
    """How many of a stratum."""

    stratum: text(120)  # type: ignore[valid-type]
    number: number(0, MOST_UNITS)  # type: ignore[valid-type]


METHOD: dict[str, Any] = {
    "number": number(1, MOST_UNITS),
    "allocation": maybe(choice(Allocation)),
    "at_least_one": maybe(Bool),
    "numbers": maybe(listed(ShareGiven, MOST_STRATA, 0)),
    "is_weighted": maybe(Bool),
    "needs_word": maybe(Bool),
}


def method_of(*, numbers: list[ShareGiven] | None = None, **given: Any) -> Method:
    """How to draw, as the action takes it."""
    return Method(numbers={one.stratum: one.number for one in numbers or []}, **given)


def draw_projects(campaign: Campaign, *, by: User, **given: Any) -> Draw:
    """Commit to drawing the projects of a draft from all those below its node; answers the commitment."""
    return drawing.commit_project_draw(campaign, method=method_of(**given), by=by)


def draw_at_site(target: Target, *, by: User, kind: str, **given: Any) -> Draw:
    """Commit to drawing buildings, rooms, spots, devices, records of work or findings at a project of a campaign."""
    return drawing.commit_site_draw(target, kind=kind, method=method_of(**given), by=by)


def abandon(draw: Draw, *, by: User, abandoned_because: str) -> Draw:
    """Give a draw up for a reason that stays visible; projects it brought in are waived."""
    return drawing.abandon_draw(draw, reason=abandoned_because, by=by)


DRAWS.expose(router)
on_draws = Acts(router, DRAWS, [MANAGE_CAMPAIGNS])
Acts(router, CAMPAIGNS, [MANAGE_CAMPAIGNS]).post("draw", draw_projects, METHOD, answer=DRAWS.shape)
Acts(router, TARGETS, [MANAGE_CAMPAIGNS]).post(
    "draw", draw_at_site, {"kind": one_of(tuple(SITE_FRAMES)), **METHOD}, answer=DRAWS.shape
)
on_draws.post("word", drawing.give_word, {"word": text(200, least=1)}, needs=[*SEE], by_person=True)
# reveal takes several units of its own: an attempt that comes too early is entered in the journal though it is refused
on_draws.post("reveal", drawing.reveal_draw, needs=[MANAGE_CAMPAIGNS], atomic=False)
on_draws.post("draw", drawing.conduct_draw, needs=[MANAGE_CAMPAIGNS])
on_draws.post("abandon", abandon, {"abandoned_because": REASON}, needs=[MANAGE_CAMPAIGNS])


def record(draw: Draw, _request: HttpRequest, _asked: object) -> dict[str, Any]:
    """The published record of a draw, for `wuyou draw verify`; the seed is null until it is revealed."""
    return record_of(draw)


ask_of(router, DRAWS, "record", record, Json, SEE)

# --- lots
SERIES = Resource(
    "lot-series",
    shape(
        "LotSeries", Series, "id node name inspection_level aql lots_judged",
        severity=(str, lambda row: str(standing(row).severity)), score=(int, lambda row: standing(row).score),
        may_reduce=(bool, lambda row: standing(row).may_reduce),
    ),
    series_visible_to,
    view=SEE,
    filters={"node_id": ids("node"), "name": Filter(text(120), "name")},
    sorts={"name": "name"},
    search=("name",),
)  # fmt: skip
LOTS = Resource(
    "lots",
    shape(
        "Lot", Lot,
        "id series target name size severity letter sample_size accept reject nonconforming is_accepted at judged_at",
    ),
    lots_visible_to,
    view=SEE,
    filters={
        "series_id": ids("series"), "target_id": ids("target"), "is_accepted": Filter(bool, "is_accepted"),
        "severity": Filter(choice(Severity), "severity"),
    },
    sorts={"at": "at"},
)  # fmt: skip

SERIES.expose(router)
on_series = Acts(router, SERIES, [MANAGE_CAMPAIGNS])
on_series.add(
    lots.begin_series,
    {
        "node": ref(NODES), "name": column(Series, "name"), "inspection_level": one_of(gbt2828.LEVELS),
        "aql": one_of(gbt2828.AQLS),
    },
)  # fmt: skip
on_series.post(
    "lots",
    lots.open_lot,
    {
        "name": column(Lot, "name"), "size": maybe(number(2)), "target": maybe(ref(TARGETS)),
        "kind": maybe(one_of(tuple(SITE_FRAMES))), "sample_size": maybe(number(1)), "accept": maybe(number(0)),
        "needs_word": maybe(Bool),
    },
    answer=LOTS.shape,
)  # fmt: skip
for _step, _action in (
    ("reduce", lots.reduce_series), ("resume", lots.resume_series), ("restart", lots.restart_series),
):  # fmt: skip
    on_series.post(_step, _action, {"reason": REASON})
LOTS.expose(router)
Acts(router, LOTS, [MANAGE_CAMPAIGNS]).post("judge", lots.judge_lot, {"nonconforming": number(0)})
