"""Writing sheets: a draft is edited, an issued version never changes (spec 05)."""

import re
from collections.abc import Sequence
from typing import Any

from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node
from wuyou.domains.sheets import policies
from wuyou.domains.sheets.choices import Scoring, SheetPurpose, SheetState
from wuyou.domains.sheets.events import sheet_issued, sheet_withdrawn
from wuyou.domains.sheets.flows import SHEET_FLOW
from wuyou.domains.sheets.models import Item, Sheet, SheetVersion
from wuyou.domains.sheets.queries import latest_version, specs_of
from wuyou.domains.sheets.rules.items import ITEM_FIELDS, ItemSpec, check_items
from wuyou.domains.sheets.rules.scoring import check_scoring
from wuyou.domains.standards.models import Clause
from wuyou.domains.standards.queries import journal_chain
from wuyou.domains.standards.writing import refuse_long
from wuyou.kernel import clock, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, IllegalMove, Invalid
from wuyou.kernel.flows import claim
from wuyou.kernel.transactions import action

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_ACTIVITY = re.compile(r"[a-z][a-z0-9_-]{0,39}")


@action
def create_sheet(
    *,
    by: Actor,
    code: str,
    name_zh: str,
    activity: str = "",
    node: Node | None = None,
    name_en: str = "",
    purpose: str = SheetPurpose.TASK,
) -> SheetVersion:
    """Begin a sheet of a node (of everybody without one) and give its first draft. Raises Denied and Invalid."""
    policies.check_create(by, node)
    values = _checked(_named(name_zh, name_en, activity), purpose=purpose)
    if not _CODE.fullmatch(code):
        raise Invalid(fields={"code": _("A code is small letters, digits and dashes, at most 60 of them.")})
    if Sheet.objects.filter(code=code).exists():
        raise Invalid(fields={"code": _("There is a sheet of this code already.")})
    sheet = Sheet.objects.create(code=code, node=node, purpose=purpose, **values)
    version = open_version(sheet)
    record("sheet_created", version, by=by, code=code, activity=values["activity"], purpose=purpose)
    return version


def _named(name_zh: str, name_en: str, activity: str) -> dict[str, str]:
    return {"name_zh": name_zh.strip(), "name_en": name_en.strip(), "activity": activity.strip()}


def _checked(values: dict[str, str], *, purpose: str) -> dict[str, str]:
    wrong: dict[str, object] = {}
    if purpose not in SheetPurpose.values:
        wrong["purpose"] = _("There is no such purpose.")
    if not values["name_zh"]:
        wrong["name_zh"] = _("This is needed.")
    if values["activity"] and not _ACTIVITY.fullmatch(values["activity"]):
        wrong["activity"] = _("An activity is small letters, digits and underscores.")
    elif values["activity"] and purpose != SheetPurpose.TASK:
        wrong["activity"] = _("Only the checklist of a task belongs to an activity.")
    if wrong:
        raise Invalid(fields=wrong)
    refuse_long(Sheet, values)
    return values


def open_version(sheet: Sheet, *, note: str = "") -> SheetVersion:
    """The next draft of a sheet, without items; the sheet's row is locked. For actions of this app."""
    Sheet.objects.select_for_update().get(pk=sheet.pk)
    last = sheet.versions.aggregate(last=Max("number"))["last"]
    return SheetVersion.objects.create(sheet=sheet, number=(last or 0) + 1, note=note)


@action
def change_sheet(sheet: Sheet, *, by: Actor, name_zh: str, activity: str = "", name_en: str = "") -> Sheet:
    """Rename a sheet or make it the checklist of another activity. Raises Denied and Invalid."""
    policies.check_edit(by, sheet)
    values = _checked(_named(name_zh, name_en, activity), purpose=sheet.purpose)
    before = {name: getattr(sheet, name) for name in values}
    Sheet.objects.filter(pk=sheet.pk).update(**values)
    sheet.refresh_from_db()
    entry = journal.Subject("sheets.sheet", sheet.pk, sheet)
    data = {"before": before, "after": values}
    journal.record("sheets.sheet_changed", chain=journal_chain(sheet.node), by=by, subject=entry, data=data)
    return sheet


@action
def new_version(sheet: Sheet, *, by: Actor, note: str = "") -> SheetVersion:
    """A new draft that begins as a copy of the last version. Raises Denied, and Conflict while one is being written."""
    policies.check_edit(by, sheet)
    refuse_long(SheetVersion, {"note": note})
    last = latest_version(sheet)
    version = open_version(sheet, note=note)
    if sheet.versions.filter(state=SheetState.DRAFT).exclude(pk=version.pk).exists():
        raise Conflict(_("A version of this sheet is being written already."))
    if last:
        version.scoring, version.doubles_repeats = last.scoring, last.doubles_repeats
        version.save(update_fields=["scoring", "doubles_repeats"])
        write_items(version, specs_of(last))
    record("version_opened", version, by=by, number=version.number, note=note)
    return version


@action
def change_items(version: SheetVersion, specs: Sequence[ItemSpec], *, by: Actor) -> list[Item]:
    """Make a draft ask exactly these questions in this order.

    Raises Denied, IllegalMove, and Invalid at `items.<position>.<field>`.
    """
    policies.check_edit(by, version.sheet)
    _claim_draft(version)
    check_items(specs)
    _refuse_unknown_clauses(specs)
    before = list(version.items.values_list("code", flat=True))
    version.items.all().delete()
    items = write_items(version, specs)
    record("items_changed", version, by=by, before=before, after=[spec.code for spec in specs])
    return items


@action
def change_scoring(version: SheetVersion, *, by: Actor, scoring: str, doubles_repeats: bool = False) -> SheetVersion:
    """Say how a draft is scored, and whether what failed before counts double. Raises Denied, IllegalMove, Invalid."""
    policies.check_edit(by, version.sheet)
    _claim_draft(version)
    if scoring not in Scoring.values:
        raise Invalid(fields={"scoring": _("There is no such way of scoring.")})
    before = {"scoring": version.scoring, "doubles_repeats": version.doubles_repeats}
    version.scoring, version.doubles_repeats = scoring, doubles_repeats
    version.save(update_fields=["scoring", "doubles_repeats"])
    after = {"scoring": scoring, "doubles_repeats": doubles_repeats}
    record("scoring_changed", version, by=by, before=before, after=after)
    return version


def _claim_draft(version: SheetVersion) -> None:
    drafts = SheetVersion.objects.filter(pk=version.pk, state=SheetState.DRAFT)
    if drafts.update(revision=F("revision") + 1) != 1:
        raise IllegalMove(_("Only a draft can be edited; make a new version of an issued one."))
    version.refresh_from_db(fields=["state", "revision"])


def _refuse_unknown_clauses(specs: Sequence[ItemSpec]) -> None:
    asked = {spec.clause_id for spec in specs if spec.clause_id is not None}
    known = set(Clause.objects.filter(pk__in=asked).values_list("pk", flat=True))
    wrong = {
        f"items.{position}.clause_id": _("There is no such clause.")
        for position, spec in enumerate(specs, start=1)
        if spec.clause_id is not None and spec.clause_id not in known
    }
    if wrong:
        raise Invalid(fields=wrong)


def write_items(version: SheetVersion, specs: Sequence[ItemSpec]) -> list[Item]:
    """Insert checked items in one statement. For actions of this app."""
    return Item.objects.bulk_create(
        Item(version=version, position=position, options=_options(spec), deductions=_deductions(spec), **_columns(spec))
        for position, spec in enumerate(specs, start=1)
    )


def _columns(spec: ItemSpec) -> dict[str, Any]:
    values = {name: getattr(spec, name) for name in ITEM_FIELDS}
    refuse_long(Item, values)
    return values


def _options(spec: ItemSpec) -> list[dict[str, str]]:
    return [{"code": option.code, "zh": option.zh, "en": option.en} for option in spec.options]


def _deductions(spec: ItemSpec) -> list[dict[str, str]]:
    return [{"code": one.code, "zh": one.zh, "en": one.en, "points": str(one.points)} for one in spec.deductions]


@action
def issue(version: SheetVersion, *, by: Actor) -> SheetVersion:
    """Issue a draft: from now on it never changes, and new tasks are opened with it.

    Raises Denied, IllegalMove, Conflict, and Invalid for a sheet without items or with nothing to score.
    """
    policies.check_edit(by, version.sheet)
    SHEET_FLOW.check("issue", version.state)
    _claim_draft(version)
    specs = specs_of(version)
    check_items(specs)
    check_scoring(specs, mode=version.scoring)
    claim(version, SHEET_FLOW, "issue", issued_on=clock.today())
    record("sheet_issued", version, by=by)
    sheet_issued.send(SheetVersion, version_id=version.pk)
    return version


@action
def withdraw(version: SheetVersion, *, by: Actor, reason: str) -> SheetVersion:
    """Take an issued version out of use; its tasks keep it. Raises Denied, IllegalMove, Conflict, Invalid."""
    policies.check_edit(by, version.sheet)
    if not reason.strip():
        raise Invalid(fields={"reason": _("This is needed for this step.")})
    claim(version, SHEET_FLOW, "withdraw", withdrawn_on=clock.today())
    record("sheet_withdrawn", version, by=by, reason=reason.strip())
    sheet_withdrawn.send(SheetVersion, version_id=version.pk)
    return version


def record(verb: str, version: SheetVersion, *, by: Actor, **data: Any) -> None:
    """Enter an act on a version in the chain of its owner."""
    subject = journal.Subject("sheets.version", version.pk, version)
    journal.record(f"sheets.{verb}", chain=journal_chain(version.sheet.node), by=by, subject=subject, data=data)
