"""What a binding would change, before anybody is bound (spec 03, Standard library)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from wuyou.domains.org.models import Project
from wuyou.domains.standards.models import Grade
from wuyou.domains.work import policies
from wuyou.domains.work.models import Binding
from wuyou.domains.work.queries.site import bindings_in_force
from wuyou.domains.work.rules.binding import LAYER_OF_KIND
from wuyou.domains.work.rules.demands import Laid, Line
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Invalid

from .drafting import lay_project, yearly


@dataclass(frozen=True, slots=True)
class Preview:
    """Lines and hours a year before and after, by what happens to each line; gaps the new layer brings."""

    added: tuple[Line, ...]
    removed: tuple[Line, ...]
    changed: tuple[tuple[Line, Line], ...]
    unchanged: int
    hours_before: Decimal
    hours_after: Decimal
    gaps: tuple[tuple[str, str, str], ...]  # clause code, why, detail


def preview_binding(project: Project, grade: Grade, *, on: date, by: Actor) -> Preview:
    """Lay the plan as if the project were bound to a grade from a day, next to what is laid now; writes nothing.

    Another version of the same standard is taken as replaced. Raises Denied.
    """
    policies.check_bind(by, project)
    now = list(bindings_in_force(project, on=on))
    kept = [row for row in now if row.version.standard_id != grade.version.standard_id]
    layer = LAYER_OF_KIND[grade.version.standard.kind]
    wanted = Binding(pk=0, project=project, layer=layer, version=grade.version, grade=grade, starts_on=on)
    before, after = _laid(project, now, on), _laid(project, [*kept, wanted], on)
    return _compared(before, after, wanted)


def _laid(project: Project, bindings: list[Binding], on: date) -> Laid:
    try:
        return lay_project(project, on=on, bindings=bindings)
    except Invalid:  # bound to nothing: nothing is laid
        return Laid((), (), (), ())


def _compared(before: Laid, after: Laid, wanted: Binding) -> Preview:
    olds = {line.key: line for line in before.lines}
    news = {line.key: line for line in after.lines}
    both = [(olds[key], new) for key, new in news.items() if key in olds]
    changed = tuple((old, new) for old, new in both if old.cadence != new.cadence)
    return Preview(
        added=tuple(line for key, line in news.items() if key not in olds),
        removed=tuple(line for key, line in olds.items() if key not in news),
        changed=changed,
        unchanged=len(both) - len(changed),
        hours_before=_hours(before),
        hours_after=_hours(after),
        gaps=tuple((gap.demand.code, gap.why, gap.detail) for gap in after.gaps if gap.demand.binding_id == wanted.pk),
    )


def _hours(laid: Laid) -> Decimal:
    minutes = sum((line.minutes * yearly(line.cadence) for line in laid.lines if not line.is_triggered), Decimal(0))
    return (minutes / 60).quantize(Decimal(1))
