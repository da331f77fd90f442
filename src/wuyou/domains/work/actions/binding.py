"""Binding a project to versions of standards, and deviating from them with a reason (spec 03, Standard library)."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project
from wuyou.domains.org.queries import chain_of
from wuyou.domains.standards.models import Clause, ClauseValue, Grade, StandardVersion
from wuyou.domains.standards.rules.values import parse_value
from wuyou.domains.work import events, policies
from wuyou.domains.work.choices import Layer
from wuyou.domains.work.models import Binding, Deviation
from wuyou.domains.work.rules.binding import LAYER_OF_KIND, NO_DUTY, Span, check_binding, check_deviation
from wuyou.domains.work.rules.strictness import read, satisfies
from wuyou.kernel import clock, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid, WuyouError
from wuyou.kernel.transactions import action


@action
def bind(
    project: Project,
    version: StandardVersion,
    grade: Grade,
    *,
    starts_on: date,
    by: Actor,
    layer: str = "",
    ends_on: date | None = None,
) -> Binding:
    """Bind a project to an issued version at a grade from a day, as the layer its kind makes it unless one is given.

    Raises Denied; Invalid when the version is not issued, the grade is another version's or the standard is bound
    already in that time (spec 03).
    """
    policies.check_bind(by, project)
    Project.objects.select_for_update().get(pk=project.pk)
    check_binding(
        state=StandardVersion.objects.values_list("state", flat=True).get(pk=version.pk),
        grade_fits=grade.version_id == version.pk,
        wanted=Span(starts_on, ends_on),
        others=_spans(project, version),
    )
    binding = Binding.objects.create(
        project=project,
        layer=_layer(layer, version),
        version=version,
        grade=grade,
        starts_on=starts_on,
        ends_on=ends_on,
        bound_by=by.actor_label[:80],
    )
    _record("work.project_bound", binding, by, {"from": starts_on, "to": ends_on, "grade": grade.code})
    events.project_bound.send(Binding, binding_id=binding.pk)
    return binding


def _spans(project: Project, version: StandardVersion) -> list[Span]:
    rows = Binding.objects.filter(project=project, version__standard_id=version.standard_id)
    return [Span(starts_on, ends_on) for starts_on, ends_on in rows.values_list("starts_on", "ends_on")]


def _layer(layer: str, version: StandardVersion) -> str:
    chosen = layer or LAYER_OF_KIND[version.standard.kind]
    if chosen not in Layer.values:
        raise Invalid(fields={"layer": _("There is no such layer.")})
    if version.standard.kind == Layer.STATUTORY and chosen != Layer.STATUTORY:
        raise Invalid(fields={"layer": _("Statutory duties are a layer of their own.")})
    return chosen


def _record(verb: str, binding: Binding, by: Actor, data: Mapping[str, object]) -> None:
    subject = ("work.binding", binding.pk, str(binding.version))
    journal.record(verb, chain=chain_of(binding.project), by=by, subject=subject, data=data)


@action
def end_binding(binding: Binding, *, ends_on: date, reason: str, by: Actor) -> Binding:
    """Let a binding end on a day (inclusive), with a reason; it stays readable.

    Raises Denied; Conflict when it has an end already; Invalid for a day before its start or without a reason. A
    statutory layer ends only when a newer version of it was issued.
    """
    policies.check_bind(by, binding.project)
    _check_end(binding, ends_on, reason)
    claimed = Binding.objects.filter(pk=binding.pk, ends_on__isnull=True).update(ends_on=ends_on)
    if claimed != 1:
        raise Conflict(_("This binding has ended already."))
    binding.ends_on = ends_on
    _record("work.binding_ended", binding, by, {"to": ends_on, "reason": reason})
    return binding


def _check_end(binding: Binding, ends_on: date, reason: str) -> None:
    if not reason.strip():
        raise Invalid(fields={"reason": _("Say why.")})
    if ends_on < binding.starts_on:
        raise Invalid(fields={"ends_on": _("A binding cannot end before it starts.")})
    if binding.layer == Layer.STATUTORY and not _has_successor(binding):
        raise Invalid(
            fields={"ends_on": _("Statutory duties do not end; deviate clause by clause and name who does them.")}
        )


def _has_successor(binding: Binding) -> bool:
    newer = StandardVersion.objects.filter(standard_id=binding.version.standard_id, number__gt=binding.version.number)
    return newer.filter(state="issued").exists()


@action
def deviate(binding: Binding, clause: Clause, *, value: str, reason: str, by: Actor, done_by: str = "") -> Deviation:
    """Let one clause have another value here, with a reason; `-` means not done by us.

    Raises Denied; Invalid when the clause is another version's, the value is no value of its kind, or a statutory
    duty would be lessened (it may be left out only by naming who does it).
    """
    policies.check_bind(by, binding.project)
    text = value.strip()
    if clause.version_id != binding.version_id:
        raise Invalid(fields={"clause": _("This clause does not belong to the bound version.")})
    standard_value = _standard_value(binding, clause)
    check_deviation(layer=binding.layer, value=text, standard_value=standard_value, reason=reason, done_by=done_by)
    _check_value(clause, text)
    if binding.layer == Layer.STATUTORY:
        _check_not_lessened(clause, text, standard_value)
    now = clock.now()
    Deviation.objects.filter(binding=binding, clause=clause, ended_at__isnull=True).update(ended_at=now)
    deviation = Deviation.objects.create(
        binding=binding,
        clause=clause,
        value=text,
        reason=reason.strip(),
        done_by=done_by.strip(),
        made_by=by.actor_label[:80],
        made_at=now,
    )
    data = {"clause": clause.code, "from": standard_value, "to": text, "reason": reason, "done_by": done_by}
    _record("work.deviated", binding, by, data)
    return deviation


def _standard_value(binding: Binding, clause: Clause) -> str:
    row = ClauseValue.objects.filter(clause=clause, grade_id=binding.grade_id).first()
    return row.value if row else NO_DUTY


def _check_value(clause: Clause, text: str) -> None:
    try:
        parse_value(clause.kind, text)
    except WuyouError as error:
        raise Invalid(fields={"value": str(error)}) from error


def _check_not_lessened(clause: Clause, text: str, standard_value: str) -> None:
    """A statutory frequency may only become stricter, any other statutory value stays as it is."""
    if text == NO_DUTY:
        return
    is_condition = clause.kind == "cond"
    here = read(text, window=clause.window, is_condition=is_condition)
    law = read(standard_value, window=clause.window, is_condition=is_condition)
    if not (here and law and satisfies(here.text, law.text)):
        raise Invalid(fields={"value": _("A statutory duty may be made stricter, not looser.")})


@action
def end_deviation(deviation: Deviation, *, reason: str, by: Actor) -> None:
    """Go back to what the standard says, with a reason; the deviation stays readable.

    Raises Denied; Invalid without a reason; Conflict when somebody else was faster.
    """
    binding = deviation.binding
    policies.check_bind(by, binding.project)
    if not reason.strip():
        raise Invalid(fields={"reason": _("Say why.")})
    claimed = Deviation.objects.filter(pk=deviation.pk, ended_at__isnull=True).update(ended_at=clock.now())
    if claimed != 1:
        raise Conflict(_("This deviation has ended already."))
    _record("work.deviation_ended", binding, by, {"clause": deviation.clause.code, "reason": reason})
