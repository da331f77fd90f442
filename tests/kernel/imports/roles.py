"""An importer for tests: roles of the organisation, with persons' phones beside when asked for."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Role
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Denied, Invalid
from wuyou.kernel.imports import (
    Applied,
    CellError,
    Changes,
    Column,
    Context,
    Importer,
    Report,
    Row,
    Sample,
    Updated,
    cells,
    register,
)

FIELDS = ("name_zh", "name_en")


class RoleImporter(Importer):
    """Roles by code."""

    code = "tests.roles"
    label = _("Roles")
    columns = (
        Column("code", "Code", headers=("编码", "角色编码"), required=True, help="unique", example="guard"),
        Column("name_zh", "Name", headers=("名称",), required=True, parse=cells.text(longest=10)),
        Column("name_en", "English name", headers=("英文名",)),
        Column("kind", "Kind", headers=("类别",), parse=cells.choice({"a": ("甲",), "b": ("乙",)})),
        Column("since", "Since", headers=("启用日期",), parse=cells.day()),
        Column("heads", "Heads", headers=("人数",), parse=cells.integer(least=0)),
    )
    natural_key = ("code",)
    undone: list[int] = []

    def check_import(self, *, by: Actor, project_id: int | None) -> None:
        if by.actor_id == "system:nobody":
            raise Denied(_("You are not allowed to do this here."))

    def validate(self, rows: Sequence[Row], context: Context) -> list[CellError]:
        known = {row.code for row in rows}
        wrong = [
            CellError(row.number, "name_en", row.name_en, _("Unknown parent."))
            for row in rows
            if row.name_en.startswith("@") and row.name_en[1:] not in known
        ]
        return wrong + [
            CellError(row.number, "name_zh", "?", _("Looks odd."), True) for row in rows if "?" in row.name_zh
        ]

    def plan(self, rows: Sequence[Row], context: Context) -> Changes:
        known = {role.code: role for role in Role.objects.filter(code__in=[row.code for row in rows])}
        create = [row for row in rows if row.code not in known]
        update = [
            (known[row.code], row)
            for row in rows
            if row.code in known and any(getattr(known[row.code], name) != getattr(row, name) for name in FIELDS)
        ]
        samples = [Sample(row.number, row.code, {}, {"name_zh": row.name_zh}) for row in create]
        samples += [
            Sample(row.number, row.code, {"name_zh": old.name_zh}, {"name_zh": row.name_zh}) for old, row in update
        ]
        unchanged = len(rows) - len(create) - len(update)
        return Changes(create, update, unchanged, samples, {"letters": sum(len(row.name_zh) for row in create)})

    def apply(self, changes: Changes, context: Context, *, by: Actor, report: Report) -> Applied:
        if context.options.get("refuse"):
            Role.objects.create(code="half-done", name_zh="半", name_en="")
            raise Invalid(_("Not today."))
        made = Role.objects.bulk_create([self._role(row) for row in changes.create])
        changed = [self._change(role, row) for role, row in changes.update]
        report(done=len(made) + len(changed), total=len(made) + len(changed))
        return Applied({"org.Role": [role.pk for role in made]}, {"org.Role": changed} if changed else {})

    def _role(self, row: Any) -> Role:
        return Role(code=row.code, name_zh=row.name_zh, name_en=row.name_en)

    def _change(self, role: Role, row: Any) -> Updated:
        before = {name: getattr(role, name) for name in FIELDS}
        after = {name: getattr(row, name) for name in FIELDS}
        Role.objects.filter(pk=role.pk).update(**after)
        return Updated(role.pk, before, after)

    def after_undo(self, run: Any, *, by: Actor) -> None:
        self.undone.append(run.pk)


ROLES = register(RoleImporter())
