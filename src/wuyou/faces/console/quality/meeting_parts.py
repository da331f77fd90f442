"""The meeting pack in words: one list of parts, shown as a page and written as a paper (spec 05, 12: reports)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wuyou.domains.quality.choices import AppealState, Level, Outcome
from wuyou.domains.quality.models import Appeal, Improvement, Inspection
from wuyou.domains.quality.queries.meeting import Meeting, Worst
from wuyou.domains.quality.rules.meeting import Decision
from wuyou.kernel.evidence.models import Evidence
from wuyou.ui.wording import when

from .appeal_looks import appeal_url, page_url, standing_words
from .improvement_looks import improvement_url, metric_of, sentence, shown, verdict_of
from .statistics_words import NAMED, names_of, per_cent, percentage, stability

Cells = list[object]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the pack: what it says, a table (each row with the address it leads to), photos with captions."""

    title: object
    says: Sequence[str] = ()
    head: Sequence[object] = ()
    rows: Sequence[tuple[Cells, str]] = ()
    numeric: Sequence[int] = ()
    photos: Sequence[tuple[Evidence, str]] = ()

    @property
    def heads(self) -> list[tuple[object, bool]]:
        """The columns, each with whether it holds numbers."""
        return [(column, place in self.numeric) for place, column in enumerate(self.head)]

    @property
    def lines(self) -> list[tuple[list[tuple[object, bool, object]], str]]:
        """Rows for a page: each cell with whether it is a number and the name of its column."""
        return [
            ([(cell, place in self.numeric, self.head[place]) for place, cell in enumerate(cells)], url)
            for cells, url in self.rows
        ]


def parts_of(pack: Meeting) -> list[Part]:
    """The pack, part by part."""
    makers: tuple[Callable[[Meeting], Part], ...] = (
        _decisions, _inspections, _lowest, _debt, _findings, _clauses, _worst, _overdue, _repeats, _appeals,
        _improvements,
    )  # fmt: skip
    return [make(pack) for make in makers]


def decision_words(one: Decision) -> str:
    """A decision to take, as a sentence."""
    words = {"count": one.count, "names": first_of(one)}
    said = {
        "vetoed": ngettext(
            "%(count)s inspection crossed a red line: %(names)s. What follows?",
            "%(count)s inspections crossed a red line: %(names)s. What follows?",
            one.count,
        ),
        "overdue_grave": ngettext(
            "%(count)s grave finding is overdue: %(names)s. Who puts it right by when?",
            "%(count)s grave findings are overdue: %(names)s. Who puts them right by when?",
            one.count,
        ),
        "without_decider": ngettext(
            "%(count)s appeal has nobody to decide it: %(names)s. Who is named?",
            "%(count)s appeals have nobody to decide them: %(names)s. Who is named?",
            one.count,
        ),
        "repeated": ngettext(
            "%(count)s finding came back: %(names)s. Is an improvement project worth it?",
            "%(count)s findings came back: %(names)s. Is an improvement project worth it?",
            one.count,
        ),
        "owed": ngettext(
            "%(count)s inspection is still owed in its cycle. Who makes it when?",
            "%(count)s inspections are still owed in their cycle. Who makes them when?",
            one.count,
        ),
        "to_judge": ngettext(
            "%(count)s improvement project was checked: %(names)s. Make it the standard, or go on?",
            "%(count)s improvement projects were checked: %(names)s. Make them the standard, or go on?",
            one.count,
        ),
        "proposals": ngettext(
            "%(count)s change of a standard is proposed (clause %(names)s). Accept it?",
            "%(count)s changes of standards are proposed (clauses %(names)s). Accept them?",
            one.count,
        ),
    }[one.code]
    return said % words


def first_of(one: Decision) -> str:
    """The first names of what a decision is about; an ellipsis where there are more."""
    return _(", ").join(one.names[:NAMED]) + (" …" if one.count > NAMED else "")


def _decisions(pack: Meeting) -> Part:
    says = [decision_words(one) for one in pack.decisions]
    return Part(_("Decisions to take"), says or [_("Nothing is waiting for a decision.")])


def _inspections(pack: Meeting) -> Part:
    rows: list[tuple[Cells, str]] = [
        ([row.label, row.count, _dash(row.mean), _dash(row.mean_before), _dash(row.lowest), row.vetoed or ""], "")
        for row in pack.levels
    ]
    total = sum(row.count for row in pack.levels)
    count = ngettext("%(count)s inspection was published.", "%(count)s inspections were published.", total)
    says = [count % {"count": total}, *([_control(pack)] if pack.chart else [])]
    head = (_("Level"), _("Inspections"), _("Mean score"), _("Month before"), _("Lowest"), _("Red lines"))
    return Part(_("Inspections by level"), says, head, rows, numeric=(1, 2, 3, 4, 5))


def _control(pack: Meeting) -> str:
    """What the control chart of twelve months says."""
    charted = pack.chart
    if charted is None:
        return ""
    labels = [f"{spot.first:%Y-%m}" for spot in charted.spots]
    values = [per_cent(point.value) for point in charted.chart.points]
    said = stability(charted, labels, values, percentage(charted.chart.centre))
    return _("Pass rate by month: %(said)s.") % {"said": said}


def _lowest(pack: Meeting) -> Part:
    rows: list[tuple[Cells, str]] = [
        (
            [one.number, one.project.name, Level(one.level).label, f"{one.day:%m-%d}", _score(one)],
            page_url("inspection", one.pk),
        )
        for one in pack.lowest
    ]
    head = (_("Number"), _("Project"), _("Level"), _("Day"), _("Score"))
    return Part(_("Inspections, the lowest score first"), (), head, rows, numeric=(4,))


def _score(one: Inspection) -> str:
    return f"{one.score} ({_('red line')})" if one.is_vetoed else f"{one.score}"


def _debt(pack: Meeting) -> Part:
    rows: list[tuple[Cells, str]] = [
        (
            [
                Level(debt.level).label,
                f"{debt.coverage.first:%m-%d} – {debt.coverage.last:%m-%d}",
                f"{debt.coverage.covered}/{debt.coverage.required}",
                debt.coverage.owed,
                names_of([project.name for project in debt.missing]) if debt.coverage.owed else "",
            ],
            "",
        )
        for debt in pack.debts
    ]
    owed = sum(debt.coverage.owed for debt in pack.debts)
    says = [] if owed else [_("Nothing is owed.")]
    head = (_("Level"), _("Cycle"), _("Covered of required"), _("Inspections owed"), _("Not inspected yet"))
    return Part(_("Coverage still owed"), says, head, rows, numeric=(2, 3))


def _findings(pack: Meeting) -> Part:
    rows: list[tuple[Cells, str]] = [([row.label, row.count, row.before], "") for row in pack.severities]
    done = pack.handled
    says = [ngettext("%(count)s finding was entered.", "%(count)s findings were entered.", done.found)
            % {"count": done.found}]  # fmt: skip
    if done.in_time:
        words = {"kept": done.kept, "due": done.due, "share": percentage(done.in_time.estimate)}
        says.append(_("Put right in time: %(kept)s of %(due)s due (%(share)s).") % words)
    head = (_("Severity"), _("This month"), _("Month before"))
    return Part(_("Findings by severity"), says, head, rows, numeric=(1, 2))


def _clauses(pack: Meeting) -> Part:
    rows: list[tuple[Cells, str]] = [
        ([share.key.code if share.key else "–", share.key.requirement_zh if share.key else _("Without a clause"),
          int(share.count), percentage(share.share), percentage(share.cumulative)], "")
        for share in pack.clauses
    ]  # fmt: skip
    head = (_("Clause"), _("Requirement"), _("Findings"), _("Share"), _("Running share"))
    return Part(_("What goes wrong most"), (), head, rows, numeric=(2, 3, 4))


def _worst(pack: Meeting) -> Part:
    rows: list[tuple[Cells, str]] = [
        ([one.finding.number, one.finding.project.name, one.finding.text, one.finding.get_severity_display()],
         page_url("finding", one.finding.pk))
        for one in pack.worst
    ]  # fmt: skip
    head = (_("Number"), _("Project"), _("What is wrong"), _("Severity"))
    return Part(_("The gravest findings"), (), head, rows, photos=list(_photos(pack.worst)))


def _photos(worst: Iterable[Worst]) -> Iterable[tuple[Evidence, str]]:
    for one in worst:
        for row in [photo for photo in one.photos if photo.thumbnail_path][:1]:
            yield row, f"{one.finding.number} {one.finding.text}"


def _overdue(pack: Meeting) -> Part:
    rows: list[tuple[Cells, str]] = [
        (
            [one.number, one.project.name, one.text, str(one.owner or "–"), when(one.deadline)],
            page_url("finding", one.pk),
        )
        for one in pack.overdue
    ]
    said = ngettext(
        "%(count)s finding is not put right and overdue.",
        "%(count)s findings are not put right and overdue.",
        pack.overdue_count,
    )
    head = (_("Number"), _("Project"), _("What is wrong"), _("In charge"), _("Deadline"))
    return Part(_("Corrections overdue"), [said % {"count": pack.overdue_count}], head, rows)


def _repeats(pack: Meeting) -> Part:
    rows = [
        ([one.number, one.project.name, one.text, str(one.place or "–"), one.weight], page_url("finding", one.pk))
        for one in pack.repeats
    ]
    said = ngettext(
        "%(count)s finding came back at the same place.",
        "%(count)s findings came back at the same place.",
        pack.repeats_count,
    )
    head = (_("Number"), _("Project"), _("What is wrong"), _("Where"), _("Weight"))
    return Part(_("What came back"), [said % {"count": pack.repeats_count}], head, rows, numeric=(4,))


def _appeals(pack: Meeting) -> Part:
    rows = [([one.number, one.subject_label, one.project.name, standing_words(one).label], appeal_url(one))
            for one in pack.appeals]  # fmt: skip
    head = (_("Number"), _("Against"), _("Project"), _("Where it stands"))
    return Part(_("Appeals"), [appeals_words(pack.appeals)], head, rows)


def appeals_words(appeals: Sequence[Appeal]) -> str:
    """How many appeals there were, and what became of them."""
    decided = [one for one in appeals if one.state == AppealState.DECIDED]
    changed = sum(one.outcome != Outcome.UPHOLD for one in decided)
    open_ = sum(one.state == AppealState.FILED for one in appeals)
    words = {"all": len(appeals), "decided": len(decided), "changed": changed, "open": open_}
    return _("%(all)s appeals: %(decided)s decided, %(changed)s of them changed the decision, %(open)s open.") % words


def _improvements(pack: Meeting) -> Part:
    rows = [(_improvement(one), improvement_url(one)) for one in pack.improvements]
    says = [said for said in (sentence(one) for one in pack.improvements) if said]
    head = (
        _("Number"),
        _("Improvement"),
        _("State"),
        _("Target"),
        _("What it brought"),
        _("Measures done"),
        _("In charge"),
    )
    return Part(_("Improvement projects"), says, head, rows)


def _improvement(one: Improvement) -> Cells:
    measures = one.measures.all()
    done = sum(measure.done_on is not None for measure in measures)
    effect = verdict_of(one)[0] or "–"
    target = shown(one.target, metric_of(one).unit)
    return [one.number, one.name, one.get_state_display(), target, effect, f"{done}/{len(measures)}", str(one.owner)]


def _dash(value: Decimal | None) -> object:
    return "–" if value is None else value


FIGURES = {"inspections": gettext_lazy("Inspections"), "found": gettext_lazy("Findings"),
           "overdue": gettext_lazy("Overdue"), "repeats": gettext_lazy("Came back"),
           "appeals": gettext_lazy("Appeals"), "improvements": gettext_lazy("Improvement projects")}  # fmt: skip


def figures_of(pack: Meeting) -> list[tuple[object, object]]:
    """The pack in six numbers."""
    numbers: dict[str, Any] = {
        "inspections": sum(row.count for row in pack.levels), "found": pack.handled.found,
        "overdue": pack.overdue_count, "repeats": pack.repeats_count, "appeals": len(pack.appeals),
        "improvements": len(pack.improvements),
    }  # fmt: skip
    return [(label, numbers[name]) for name, label in FIGURES.items()]


def pack_url(node: int, month: object, form: str = "") -> str:
    """The address of a pack, or of its file."""
    name = reverse("console:quality:meeting_paper", args=[form]) if form else reverse("console:quality:meeting")
    return f"{name}?node={node}&month={month}"
