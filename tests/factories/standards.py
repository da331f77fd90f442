"""Standards, clauses and subjects for tests."""

from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from wuyou.domains.standards.choices import ClauseKind, StandardKind, VersionState
from wuyou.domains.standards.models import Clause, ClauseValue, Grade, Standard, StandardVersion, Subject
from wuyou.kernel import clock


class SubjectFactory(DjangoModelFactory):
    """Stairs, swept by the cleaners."""

    class Meta:
        model = Subject

    name = factory.Sequence(lambda n: f"对象{n}")
    matches_place = factory.LazyFunction(lambda: ["楼道楼梯"])
    activity = "sweep"
    team = "环境"
    unit = "100m2"
    minutes_per_unit = Decimal(6)
    evidence = "photo"


class StandardFactory(DjangoModelFactory):
    """A shipped service set without an owner."""

    class Meta:
        model = Standard

    code = factory.Sequence(lambda n: f"standard-{n}")
    name_zh = factory.Sequence(lambda n: f"标准{n}")
    kind = StandardKind.SERVICE_SET


class VersionFactory(DjangoModelFactory):
    """A draft; `issued=True` makes it one that is in use."""

    class Meta:
        model = StandardVersion

    class Params:
        issued = factory.Trait(state=VersionState.ISSUED, issued_on=factory.LazyFunction(clock.today))

    standard = factory.SubFactory(StandardFactory)
    number = factory.LazyAttribute(lambda o: o.standard.versions.count() + 1)


class GradeFactory(DjangoModelFactory):
    """The best grade."""

    class Meta:
        model = Grade

    version = factory.SubFactory(VersionFactory)
    code = "g1"
    rank = 1
    label_zh = factory.LazyAttribute(lambda o: f"{o.rank}级")


class ClauseFactory(DjangoModelFactory):
    """Sweep every day, when `values={"g1": "1/1 d"}` say so."""

    class Meta:
        model = Clause
        skip_postgeneration_save = True

    version = factory.SubFactory(VersionFactory)
    code = factory.Sequence(lambda n: f"C{n}")
    position = factory.LazyAttribute(lambda o: o.version.clauses.count() + 1)
    part = "clean"
    subject_name = "楼道楼梯"
    requirement_zh = "清扫"
    kind = ClauseKind.CADENCE

    @factory.post_generation
    def values(clause, create, values, **kwargs):  # noqa: N805
        """Values by grade code; grades are made when they are missing."""
        for rank, (code, text) in enumerate((values or {}).items(), start=1):
            found = clause.version.grades.filter(code=code).first()
            grade = found or GradeFactory(version=clause.version, code=code, rank=rank)
            ClauseValue.objects.create(clause=clause, grade=grade, value=text)


def issued_version(**values: str) -> StandardVersion:
    """An issued version with one daily clause; `g1="1/1 d", g2="1/3 d"` gives the values by grade."""
    version = VersionFactory(issued=True)
    ClauseFactory(version=version, values=values or {"g1": "1/1 d"})
    return version
