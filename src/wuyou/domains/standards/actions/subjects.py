"""The list of subjects, editable in the product: minutes are calibrated, kinds of place are added (spec 03 Layers)."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.standards import policies
from wuyou.domains.standards.events import subject_edited
from wuyou.domains.standards.models import Subject
from wuyou.domains.standards.queries import journal_chain
from wuyou.domains.standards.rules.subjects import SubjectSpec, check_subject, subject_values
from wuyou.domains.standards.writing import refuse_long
from wuyou.kernel import journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Invalid
from wuyou.kernel.transactions import action


@action
def add_subject(spec: SubjectSpec, *, by: Actor) -> Subject:
    """Add a subject that clauses can name. Raises Denied and Invalid by field."""
    policies.check_edit_subjects(by)
    values = _checked(spec)
    subject = Subject.objects.create(**values, is_edited=True)
    _record("subject_added", subject, by=by, data=values)
    return subject


@action
def edit_subject(subject: Subject, spec: SubjectSpec, *, by: Actor) -> Subject:
    """Change a subject; from now on what the product ships leaves it alone. Raises Denied and Invalid by field."""
    policies.check_edit_subjects(by)
    values = _checked(spec, but=subject.pk)
    before = {name: getattr(subject, name) for name in values}
    changed = {name: value for name, value in values.items() if before[name] != value}
    if not changed:
        return subject
    Subject.objects.filter(pk=subject.pk).update(**changed, is_edited=True)
    subject.refresh_from_db()
    _record(
        "subject_edited", subject, by=by, data={"before": {name: before[name] for name in changed}, "after": changed}
    )
    subject_edited.send(Subject, subject_id=subject.pk)
    return subject


def _checked(spec: SubjectSpec, *, but: int | None = None) -> dict[str, object]:
    check_subject(spec)
    values = subject_values(spec)
    refuse_long(Subject, values)
    if any(pk != but for pk in Subject.objects.filter(name=spec.name).values_list("pk", flat=True)):
        raise Invalid(fields={"name": _("There is a subject of this name already.")})
    return values


def _record(verb: str, subject: Subject, *, by: Actor, data: dict[str, object]) -> None:
    entry = journal.Subject("standards.subject", subject.pk, subject)
    journal.record(f"standards.{verb}", chain=journal_chain(None), by=by, subject=entry, data=data)
