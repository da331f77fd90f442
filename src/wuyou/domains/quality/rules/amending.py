"""What an appeal may make of a finding or an inspection: `amended_to`, checked (spec 05: Appeal). Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from wuyou.domains.work.choices import Severity
from wuyou.kernel.errors import Invalid

LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True)
class FindingChange:
    """What becomes of one finding: void, or another severity or wording (None leaves it)."""

    finding: int
    is_void: bool = False
    severity: str | None = None
    text: str | None = None


def finding_change(given: Mapping[str, object], *, finding: int, severity: str, text: str) -> FindingChange:
    """`{"severity": …, "text": …}`, one of them or both, as a change of a finding that has these now.

    Raises Invalid for anything else and for an amendment that changes nothing.
    """
    wanted = _texts(given, {"severity", "text"})
    if "severity" in wanted and wanted["severity"] not in Severity.values:
        raise _wrong(_("There is no such severity."))
    if len(wanted.get("text", "")) > LONGEST_TEXT or wanted.get("text", "x") == "":
        raise _wrong(_("Say what is wrong in at most 500 characters."))
    now = {"severity": severity, "text": text}
    changed = {name: value for name, value in wanted.items() if value != now[name]}
    if not changed:
        raise _wrong(_("This changes nothing."))
    return FindingChange(finding, severity=changed.get("severity"), text=changed.get("text"))


def inspection_changes(given: Mapping[str, object], *, findings: Mapping[int, str]) -> list[FindingChange]:
    """`{"findings": [{"id": …, "void": true} or {"id": …, "severity": …}]}` about findings of the inspection.

    `findings` maps those that count to their severity now. Raises Invalid for a foreign finding, one named twice, or a
    list that changes nothing.
    """
    rows = given.get("findings")
    if set(given) != {"findings"} or not isinstance(rows, Sequence) or isinstance(rows, str) or not rows:
        raise _wrong(_("Name the findings that change."))
    changes = [_row(row, findings) for row in rows]
    if len({change.finding for change in changes}) < len(changes):
        raise _wrong(_("A finding is named twice."))
    return changes


def _row(row: object, findings: Mapping[int, str]) -> FindingChange:
    number = row.get("id") if isinstance(row, Mapping) else None
    if not isinstance(row, Mapping) or type(number) is not int or number not in findings:
        raise _wrong(_("This is not a finding of the inspection that counts."))
    rest = {name: value for name, value in row.items() if name != "id"}
    if rest == {"void": True}:
        return FindingChange(number, is_void=True)
    severity = rest.get("severity")
    if set(rest) != {"severity"} or severity not in Severity.values or severity == findings[number]:
        raise _wrong(_("A finding becomes void or gets another severity."))
    return FindingChange(number, severity=str(severity))


def _texts(given: Mapping[str, object], allowed: Collection[str]) -> dict[str, str]:
    if not set(given) <= set(allowed) or not all(isinstance(value, str) for value in given.values()):
        raise _wrong(_("Only severity and wording of a finding can be amended."))
    return {name: str(value).strip() for name, value in given.items()}


def _wrong(message: object) -> Invalid:
    return Invalid(fields={"amended_to": message})
