"""The file a contract is recorded from: project, staffing, frequencies and other promises (YAML, read elsewhere)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuyou.domains.contracts.choices import ContractMode
from wuyou.domains.standards.choices import ClauseKind
from wuyou.domains.standards.rules.promises import Promise
from wuyou.kernel import cadence as cadences
from wuyou.kernel.errors import Invalid, WuyouError

from .staffing import education_rank
from .terms import fen_of, last_day

MODES: Mapping[str, str] = {
    "包干制": ContractMode.FIXED,
    "酬金制": ContractMode.FEE,
    "fixed": ContractMode.FIXED,
    "fee": ContractMode.FEE,
}
SEXES: Mapping[str, str] = {"男": "male", "女": "female", "male": "male", "female": "female", "": ""}
OWN = ("project", "staffing", "cadences")  # everything else is kept as other terms

_HOURS = re.compile(r"(\d{1,4})\s*h\s*(.*)")


@dataclass(frozen=True, slots=True)
class StaffingEntry:
    """A staffing promise as written; the licence still by the name people use."""

    job: str
    heads: int | None = None
    max_age: int | None = None
    sex: str = ""
    education: str = ""
    licence_name: str = ""
    coverage: str = ""


@dataclass(frozen=True, slots=True)
class ContractDocument:
    """A contract as its file says it. Money in fen, both days of the term inclusive."""

    project_code: str
    name: str
    client: str
    mode: str
    starts_on: date
    ends_on: date
    yearly_fee_fen: int
    bond_fen: int
    staffing: tuple[StaffingEntry, ...] = ()
    promises: tuple[Promise, ...] = ()
    terms: Mapping[str, Any] = field(default_factory=dict)


class _Findings:
    """Collects what is wrong, each at its place in the file."""

    def __init__(self) -> None:
        self.wrong: dict[str, object] = {}

    def take(self, place: str, read: Callable[[], Any], default: Any = None) -> Any:
        """What `read` gives, or `default` and a note of what it refused."""
        try:
            return read()
        except WuyouError as error:
            self.wrong[place] = str(error)
        except (TypeError, ValueError):
            self.wrong[place] = _("This is not what is expected here.")
        return default


def read_document(data: object) -> ContractDocument:
    """Check the data of a contract file; raises Invalid naming every wrong place, e.g. `cadences.3.per`."""
    if not isinstance(data, Mapping):
        raise Invalid(_("A contract file is a list of named entries."))
    findings = _Findings()
    head = _head(data.get("project"), findings)
    staffing = tuple(_entries(data, "staffing", _staffing, findings))
    promises = (*_entries(data, "cadences", _promise, findings), *_replies(data.get("reply_limits"), findings))
    if findings.wrong:
        raise Invalid(fields=findings.wrong)
    terms = {str(name): _plain(value) for name, value in data.items() if name not in OWN}
    return ContractDocument(**head, staffing=staffing, promises=promises, terms=terms)


def _head(project: object, findings: _Findings) -> dict[str, Any]:
    if not isinstance(project, Mapping):
        findings.wrong["project"] = _("This is needed.")
        return {}
    starts_on = findings.take("project.start", lambda: _day(project.get("start")), date.min)
    years = findings.take("project.term_years", lambda: _whole(project.get("term_years"), least=1, most=50), 1)
    return {
        "project_code": str(project.get("code", "")),
        "name": findings.take("project.name", lambda: _words(project.get("name"), 120)),
        "client": findings.take("project.client", lambda: _words(project.get("client"), 120)),
        "mode": findings.take("project.mode", lambda: _one_of(project.get("mode"), MODES)),
        "starts_on": starts_on,
        "ends_on": last_day(starts_on, years=years),
        "yearly_fee_fen": findings.take("project.yearly_fee_yuan", lambda: _fen(project.get("yearly_fee_yuan", 0))),
        "bond_fen": findings.take("project.bond_yuan", lambda: _fen(project.get("bond_yuan", 0))),
    }


def _entries(
    data: Mapping[Any, Any], name: str, read: Callable[[Mapping[Any, Any], str, _Findings], Any], findings: _Findings
) -> list[Any]:
    listed = data.get(name) or []
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        findings.wrong[name] = _("This is not what is expected here.")
        return []
    found = []
    for position, entry in enumerate(listed, start=1):
        if isinstance(entry, Mapping):
            found.append(read(entry, f"{name}.{position}", findings))
        else:
            findings.wrong[f"{name}.{position}"] = _("This is not what is expected here.")
    return found


def _staffing(entry: Mapping[Any, Any], place: str, findings: _Findings) -> StaffingEntry:
    return StaffingEntry(
        job=findings.take(f"{place}.post", lambda: _words(entry.get("post"), 40), ""),
        heads=findings.take(f"{place}.heads", lambda: _whole(entry.get("heads"), least=1, most=9999, optional=True)),
        max_age=findings.take(
            f"{place}.max_age", lambda: _whole(entry.get("max_age"), least=16, most=99, optional=True)
        ),
        sex=findings.take(f"{place}.sex", lambda: _one_of(entry.get("sex", ""), SEXES), ""),
        education=findings.take(f"{place}.education", lambda: _education(entry.get("education")), ""),
        licence_name=str(entry.get("qualification", "")),
        coverage=findings.take(f"{place}.coverage", lambda: _words(entry.get("coverage", "-"), 60), "").removeprefix(
            "-"
        ),
    )


def _promise(entry: Mapping[Any, Any], place: str, findings: _Findings) -> Promise:
    return Promise(
        subject=findings.take(f"{place}.subject", lambda: _words(entry.get("subject"), 60), ""),
        what=findings.take(f"{place}.what", lambda: _words(entry.get("what"), 300), ""),
        value=findings.take(f"{place}.per", lambda: _cadence(entry.get("per")), ""),
    )


def _replies(limits: object, findings: _Findings) -> list[Promise]:
    """Reply limits in hours are measured; other wordings stand as duties."""
    if limits is None:
        return []
    if not isinstance(limits, Mapping):
        findings.wrong["reply_limits"] = _("This is not what is expected here.")
        return []
    return [_reply(str(subject)[:60], str(limit).strip()) for subject, limit in limits.items()]


def _reply(subject: str, limit: str) -> Promise:
    found = _HOURS.fullmatch(limit)
    if found and int(found[1]):
        return Promise(subject, found[2] or "答复时限", found[1], ClauseKind.HOURS, "h")
    return Promise(subject, "答复时限", limit[:120] or "-", ClauseKind.DUTY)


def _plain(value: Any) -> Any:
    """As it can be kept as JSON."""
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | bool | None) else str(value)


def _words(value: object, longest: int) -> str:
    text = "" if value is None else str(value).strip()
    if not text:
        raise Invalid(_("This is needed."))
    if len(text) > longest:
        raise Invalid(_("This is too long."))
    return text


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _whole(value: object, *, least: int, most: int, optional: bool = False) -> int | None:
    if value is None and optional:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Invalid(_("Write a whole number from %(least)s to %(most)s."), least=least, most=most)
    return value


def _one_of(value: object, words: Mapping[str, str]) -> str:
    code = words.get(str(value))
    if code is None:
        raise Invalid(_("Not one of: %(words)s."), words="、".join(word for word in words if word))
    return code


def _education(value: object) -> str:
    text = "" if value is None else str(value).strip()
    if text and education_rank(text) is None:
        raise Invalid(_("This education is not known."))
    return text


def _cadence(value: object) -> str:
    text = str(value).strip()
    cadences.parse(text)
    return text


def _fen(value: object) -> int:
    return fen_of(value, name="amount")
