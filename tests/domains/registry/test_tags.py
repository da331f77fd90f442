"""Codes on stickers and sheets of labels."""

import contextlib
import re
import zlib

import pytest
from factories.org import ProjectFactory, user_with
from factories.registry import PlaceFactory, place_below

from wuyou.domains.org.models import User
from wuyou.domains.registry import actions, labels
from wuyou.domains.registry.models import Place, Tag
from wuyou.domains.registry.rules.tags import read_code, shown
from wuyou.kernel.errors import Conflict, Denied, Invalid, Missing
from wuyou.kernel.evidence import fonts
from wuyou.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def gate() -> Place:
    """A public spot of a project."""
    return place_below(place_below(PlaceFactory(), "area", name="A区"), name="东门")


@pytest.fixture
def printer(gate: Place) -> User:
    """Somebody who prints labels."""
    return user_with("registry.print_labels", "registry.view_places", at=gate.project)


def test_a_code_is_issued_once(gate: Place, printer: User) -> None:
    tag = actions.issue_tag(gate.project, kind="place", subject_id=gate.pk, by=printer)
    again = actions.issue_tag(gate.project, kind="place", subject_id=gate.pk, by=printer)
    assert (tag.pk, read_code(tag.code)) == (again.pk, tag.code)
    assert Entry.objects.filter(verb="registry.tags_issued").count() == 1
    found = actions.resolve_tag(shown(tag.code).lower(), by=printer)
    assert (found.kind, found.id, found.project_id, found.is_replaced, found.replaced_by) == (
        "place", gate.pk, gate.project_id, False, "",
    )  # fmt: skip


def test_an_old_sticker_scans_to_replaced(gate: Place, printer: User) -> None:
    first = actions.issue_tag(gate.project, kind="place", subject_id=gate.pk, by=printer)
    second = actions.revoke_and_reissue(first, by=printer, reason="破损")
    third = actions.revoke_and_reissue(second, by=printer, reason="丢失")
    old = actions.resolve_tag(first.code, by=printer)
    assert (old.is_replaced, old.replaced_by, old.id) == (True, third.code, gate.pk)
    assert Tag.objects.get(pk=first.pk).replaced_by == second
    with pytest.raises(Conflict):
        actions.revoke_and_reissue(first, by=printer, reason="x")
    with pytest.raises(Invalid):
        actions.revoke_and_reissue(third, by=printer, reason=" ")


def test_codes_nobody_issued_or_may_not_see(gate: Place, printer: User) -> None:
    tag = actions.issue_tag(gate.project, kind="place", subject_id=gate.pk, by=printer)
    with pytest.raises(Missing):
        actions.resolve_tag(tag.code, by=user_with("registry.view_places", at=ProjectFactory()))
    Tag.objects.all().delete()
    with pytest.raises(Missing):
        actions.resolve_tag(tag.code, by=printer)
    with pytest.raises(Invalid):
        actions.resolve_tag("ABC", by=printer)


@pytest.mark.parametrize("kind", ["place", "unicorn"])
def test_nothing_is_issued_for_what_is_not_there(gate: Place, printer: User, kind: str) -> None:
    with pytest.raises(Missing):
        actions.issue_tag(gate.project, kind=kind, subject_id=0, by=printer)
    assert Tag.objects.count() == 0


def test_only_who_prints_may_issue(gate: Place) -> None:
    tag = Tag.objects.create(
        project=gate.project, code="X", subject_kind="place", subject_id=gate.pk, issued_at="2026-01-01T00:00Z"
    )
    for by in (
        user_with("registry.view_places", at=gate.project),
        user_with("registry.print_labels", at=ProjectFactory()),
    ):
        for act in (
            lambda by: actions.issue_tag(gate.project, kind="place", subject_id=gate.pk, by=by),
            lambda by: actions.revoke_and_reissue(tag, by=by, reason="x"),
            lambda by: actions.print_labels(gate.project, items=[("place", gate.pk)], layout="3x8", by=by),
        ):
            with pytest.raises(Denied):
                act(by)


def pages_of(pdf: bytes) -> int:
    """Pages of a PDF whose objects may stand in compressed streams."""
    unpacked = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        with contextlib.suppress(zlib.error):
            unpacked.append(zlib.decompress(stream))
    return len(re.findall(rb"/Type\s*/Page\b", b"".join(unpacked)))


@pytest.mark.parametrize("layout", ["3x8", "2x5"])
def test_a_sheet_of_labels(gate: Place, printer: User, layout: str) -> None:
    spots = [gate, *(place_below(gate, name=f"岗亭{at}") for at in range(11))]
    items = [("place", spot.pk) for spot in spots]
    pdf = actions.print_labels(gate.project, items=[*items, items[0]], layout=layout, by=printer)
    assert pdf.startswith(b"%PDF-")
    assert (pages_of(pdf), Tag.objects.count()) == (1 if layout == "3x8" else 2, 12)
    again = actions.print_labels(gate.project, items=items, layout=layout, by=printer)
    assert (Tag.objects.count(), len(again)) == (12, len(pdf))


def test_sheets_that_cannot_be(gate: Place, printer: User) -> None:
    for items, layout in (([], "3x8"), ([("place", gate.pk)], "9x9")):
        with pytest.raises(Invalid):
            actions.print_labels(gate.project, items=items, layout=layout, by=printer)
    one = labels.Label("东门", "A区", "X")
    with pytest.raises(Invalid):
        labels.label_sheet([one] * 2001, layout="3x8", title="t", shown_codes=["X"] * 2001)
    with pytest.raises(Missing):
        actions.print_labels(gate.project, items=[("place", 0)], layout="3x8", by=printer)
    assert Tag.objects.count() == 0


def test_a_missing_chinese_font_is_an_error_with_a_remedy() -> None:
    assert fonts.chinese_font(frozenset({"WenQuanYi Zen Hei", "DejaVu Sans"})) == "WenQuanYi Zen Hei"
    with pytest.raises(fonts.NoChineseFont, match="fonts-noto-cjk"):
        fonts.chinese_font(frozenset({"DejaVu Sans"}))


def test_a_qr_code_says_the_address(settings) -> None:
    settings.BASE_URL = "https://wuyou.example"
    assert labels.scan_address("ABCDEFGH") == "https://wuyou.example/s/ABCDEFGH"
    assert labels.qr_of("https://wuyou.example/s/ABCDEFGH").startswith("<svg")
