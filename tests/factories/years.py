"""Projects of a group with published months, for pages that compare them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from factories.campaigns import BY, Company, company
from wuyou.domains.appraisal.actions.schemes import load_shipped_schemes
from wuyou.domains.appraisal.models import Enrolment, Period, Scheme
from wuyou.domains.org.models import Project
from wuyou.kernel import clock

LAST = dt.date(2026, 10, 1)


@dataclass
class Years:
    """A company whose projects are appraised by the group's scheme."""

    at: Company
    scheme: Scheme

    def enrolment(self, project: Project) -> Enrolment:
        """The project under the scheme, made at the first asking."""
        given = {"project": project, "scheme": self.scheme, "kind": "project", "label": project.name}
        found, _made = Enrolment.objects.get_or_create(**given, defaults={"starts_on": dt.date(2024, 1, 1)})
        return found

    def rate(
        self, project: Project, points: Sequence[str | None], *, last: dt.date = LAST, state: str = "published",
        vetoed: bool = False,
    ) -> list[Period]:  # fmt: skip
        """Months up to `last`, the oldest first; None is a month that was not rated."""
        enrolment, version, now = self.enrolment(project), self.scheme.versions.get(), clock.now()
        ends = last.year * 12 + last.month - 1
        numbers = range(ends - len(points) + 1, ends + 1)
        months = [dt.date(number // 12, number % 12 + 1, 1) for number in numbers]
        known = {} if state in {"open", "computed"} else {"disclosed_at": now, "published_at": now}
        return Period.objects.bulk_create(
            Period(
                project=project, enrolment=enrolment, version=version, month=month, state=state, days_present=30,
                days_of=30, points=None if one is None else Decimal(one), is_vetoed=vetoed, **known,
            )
            for month, one in zip(months, points, strict=True)
        )  # fmt: skip


def years(rated: Mapping[str, Sequence[str | None]] | None = None) -> Years:
    """The company of factories.campaigns, with months of its projects by code."""
    load_shipped_schemes(by=BY)
    made = Years(company(), Scheme.objects.get(code="group_project"))
    codes = {project.code: project for project in made.at.projects}
    for code, points in (rated or {}).items():
        made.rate(codes[code], points)
    return made
