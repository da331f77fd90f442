"""Lots inspected by GB/T 2828.1: plans from the table, switching by the results, samples drawn (spec 05: Draws)."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node
from wuyou.domains.quality.models import Lot, Series, Target
from wuyou.domains.quality.policies import campaigns as policies
from wuyou.domains.quality.queries.lots import open_lot_of, standing
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.draws import gbt2828, switching
from wuyou.kernel.draws.sampling import Unit
from wuyou.kernel.draws.switching import Severity
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import action

from .drawing import commit_lot_draw, site_frame
from .journaling import enter

NAME_LENGTH = 120


@action
def begin_series(*, node: Node, name: str, inspection_level: str, aql: str, by: Actor) -> Series:
    """Begin a series of lots at a node, under normal inspection.

    Raises Denied, Invalid for a name, inspection level or AQL that is none, Conflict for a name that is taken.
    """
    policies.check_plan(by, node)
    wrong: dict[str, object] = {}
    if not 1 <= len(name.strip()) <= NAME_LENGTH:
        wrong["name"] = _("A name has 1 to 120 characters.")
    if inspection_level not in gbt2828.LEVELS:
        wrong["inspection_level"] = _("Choose an inspection level of GB/T 2828.1.")
    if aql not in gbt2828.AQLS:
        wrong["aql"] = _("Choose one of the AQL values of the table: 0.65 to 10.")
    if wrong:
        raise Invalid(fields=wrong)
    if Series.objects.filter(node=node, name=name.strip()).exists():
        raise Conflict(_("There is a series of this name here."))
    series = Series.objects.create(
        node=node, name=name.strip(), inspection_level=inspection_level, aql=aql, state=switching.Series().as_json()
    )
    enter("series_begun", series, by=by, level=inspection_level, aql=aql)
    return series


@action
def open_lot(
    series: Series, *, name: str, size: int | None = None, target: Target | None = None, kind: str = "",
    sample_size: int | None = None, accept: int | None = None, needs_word: bool = False, by: Actor,
) -> Lot:  # fmt: skip
    """Open the next lot of a series: its plan, and with `target` and `kind` the commitment to draw its sample.

    Under normal inspection the plan comes from the table; tightened and reduced plans are not shipped: their sample
    size and acceptance number are entered. Raises Denied, Invalid, or Conflict while another lot is open or the series
    is stopped.
    """
    policies.check_series(by, series)
    frame = _frame(target, kind, by)
    lot_size = len(frame) if frame else size
    if not name.strip() or lot_size is None:
        raise Invalid(fields={"name" if not name.strip() else "size": _("This is needed for this step.")})
    series.refresh_from_db()
    state = standing(series)
    plan = _plan(series, state, lot_size, sample_size, accept)
    if open_lot_of(series) is not None:
        raise Conflict(_("Judge the open lot of this series first."))
    lot = Lot.objects.create(
        series=series, target=target, name=name.strip()[:NAME_LENGTH], size=lot_size, severity=state.severity,
        letter=plan.letter, sample_size=plan.n, accept=plan.ac, reject=plan.re, at=clock.now(),
    )  # fmt: skip
    enter("lot_opened", lot, by=by, size=lot.size, n=plan.n, ac=plan.ac, re=plan.re, severity=lot.severity)
    if frame:
        commit_lot_draw(lot, kind=kind, frame=frame, needs_word=needs_word, by=by)
    return lot


def _frame(target: Target | None, kind: str, by: Actor) -> list[Unit]:
    if target is None:
        return []
    policies.check_manage(by, target.campaign)
    frame = site_frame(target.project, kind=kind, by=by)
    if len(frame) < gbt2828.SMALLEST_LOT:
        raise Invalid(fields={"kind": _("A lot has at least two units.")})
    return frame


def _plan(
    series: Series, state: switching.Series, size: int, sample_size: int | None, accept: int | None
) -> gbt2828.Plan:
    if state.severity == Severity.STOPPED:
        raise Conflict(_("Inspection of this series is stopped until its process has been mended."))
    if state.severity == Severity.NORMAL:
        return gbt2828.normal_plan(size, level=series.inspection_level, aql=series.aql)
    if sample_size is None or accept is None:
        text = _("Enter this from the standard's table for tightened or reduced inspection.")
        raise Invalid(fields={"sample_size": text, "accept": text})
    try:
        return gbt2828.entered_plan(size, n=sample_size, ac=accept)
    except Invalid as error:
        names = {"n": "sample_size", "ac": "accept", "lot": "size"}
        raise Invalid(fields={names[one.field]: one.message for one in error.fields}) from error


@action
def judge_lot(lot: Lot, *, nonconforming: int, by: Actor) -> Lot:
    """Accept or reject a lot by what was found in its sample; the switching rules move its series.

    Raises Denied, Invalid for a count that cannot be, Conflict when it was judged before.
    """
    policies.check_series(by, lot.series)
    plan = gbt2828.Plan(lot.size, lot.sample_size, lot.accept, lot.reject, lot.letter)
    is_accepted = gbt2828.is_accepted(plan, nonconforming)
    values = {"nonconforming": nonconforming, "is_accepted": is_accepted, "judged_at": clock.now()}
    if Lot.objects.filter(pk=lot.pk, judged_at__isnull=True).update(**values) != 1:
        raise Conflict(_("This lot was judged already."))
    lot.refresh_from_db()
    result = switching.LotResult(is_accepted, plan.ac, gbt2828.passes_tighter(plan, nonconforming))
    state = _move(lot.series, lambda series: switching.after(series, result))
    enter("lot_judged", lot, by=by, found=nonconforming, accepted=int(is_accepted), next=state.severity)
    return lot


def _move(series: Series, step: Callable[[switching.Series], switching.Series]) -> switching.Series:
    """Take a series a step further by a conditional update; raises Conflict when somebody else was faster."""
    state = step(standing(series))
    rows = Series.objects.filter(pk=series.pk, lots_judged=series.lots_judged)
    if rows.update(state=state.as_json(), lots_judged=series.lots_judged + 1) != 1:
        raise Conflict(_("This series has moved on: look again."))
    series.refresh_from_db()
    return state


@action
def reduce_series(series: Series, *, reason: str, by: Actor) -> Series:
    """Approve reduced inspection: the switching score is reached and the process is steady, for a stated reason.

    Raises Denied, Invalid without a reason, Conflict below the score or while a lot is open.
    """
    return _switch(series, "series_reduced", switching.reduce, reason=reason, by=by)


@action
def resume_series(series: Series, *, reason: str, by: Actor) -> Series:
    """Leave reduced inspection, e.g. because the process is not steady any more; raises Denied, Invalid, Conflict."""
    return _switch(series, "series_resumed", switching.resume_normal, reason=reason, by=by)


@action
def restart_series(series: Series, *, reason: str, by: Actor) -> Series:
    """Go on, tightened, after a stop: the process was mended, as the reason says; raises Denied, Invalid, Conflict."""
    return _switch(series, "series_restarted", switching.restart, reason=reason, by=by)


def _switch(
    series: Series, verb: str, step: Callable[[switching.Series], switching.Series], *, reason: str, by: Actor
) -> Series:
    policies.check_series(by, series)
    if not reason.strip():
        raise Invalid(fields={"reason": _("Say why.")})
    if open_lot_of(series) is not None:
        raise Conflict(_("Judge the open lot of this series first."))
    _move(series, step)
    enter(verb, series, by=by, reason=reason.strip()[:300])
    return series
