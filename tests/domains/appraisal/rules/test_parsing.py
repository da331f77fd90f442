"""Schemes as documents: what is refused, and where it is said (spec 06; spec 00, rule 2)."""

import copy
from decimal import Decimal

import pytest
from factories.appraisals import document
from factories.random_schemes import documents
from hypothesis import given

from wuyou.domains.appraisal.rules.parsing import parse_scheme
from wuyou.domains.appraisal.rules.scheme import Line, Scheme
from wuyou.domains.appraisal.rules.validation import Known, check, reaches, validate
from wuyou.kernel.errors import Invalid

KNOWN = Known({"work.task_compliance": "up", "work.evidence_rejected": "down"}, {"team_monthly": (), "other": ()})
SHIPPED = ("campus_monthly", "group_project", "team_monthly", "person_monthly")


def changed(path: str, value: object, *, code: str = "campus_monthly") -> dict:
    """A shipped document with one member set; `value` DROP removes it."""
    data = copy.deepcopy(document(code))
    *parents, last = path.strip("/").split("/")
    at = data
    for name in parents:
        at = at[int(name)] if isinstance(at, list) else at[name]
    if value is DROP:
        del at[last]
    elif isinstance(at, list):
        at[int(last)] = value
    else:
        at[last] = value
    return data


DROP = object()


def said(data: object) -> dict[str, str]:
    """Where and what the reader objects to."""
    with pytest.raises(Invalid) as caught:
        parse_scheme(data)
    return {error.field: str(error.message) for error in caught.value.fields}


@pytest.mark.parametrize("code", SHIPPED)
def test_shipped_schemes_are_whole(code):
    scheme = parse_scheme(document(code))
    assert isinstance(scheme, Scheme)
    assert validate(scheme, KNOWN) == []


def test_a_scheme_is_read_as_written():
    scheme = parse_scheme(document("campus_monthly"))
    assert scheme.table("departments").line("repair") == Line(
        "repair", scheme.table("departments").line("repair").name, scheme.table("departments").line("repair").event,
        Decimal(1), Decimal(10),
    )  # fmt: skip
    assert [part.key for part in scheme.components()] == ["month", "departments", "people"]
    assert (scheme.rank("excellent"), scheme.rank("fail"), scheme.band("improve").is_gap) == (0, 3, True)
    for ask in (scheme.table, scheme.band, scheme.table("departments").line):
        with pytest.raises(LookupError):
            ask("nothing")


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("/format", 2, "/format"),
        ("/code", "Campus!", "/code"),
        ("/code", 7, "/code"),
        ("/name", "校园", "/name"),
        ("/name/zh", "", "/name/zh"),
        ("/name/zh", "长" * 201, "/name/zh"),
        ("/subject", "planet", "/subject"),
        ("/total", [], "/total"),
        ("/total/source/parts/0/weight", 59.5, "/total/source/parts/0/weight"),
        ("/total/source/parts/0/weight", "sixty", "/total/source/parts/0/weight"),
        ("/total/source/parts/0/weight", "NaN", "/total/source/parts/0/weight"),
        ("/total/source/parts/0/weight", "1e99", "/total/source/parts/0/weight"),
        ("/total/source/parts/0/weight", "0.0000001", "/total/source/parts/0/weight"),
        ("/total/source/parts/0/weight", True, "/total/source/parts/0/weight"),
        ("/total/source/parts/0/absence", "shrug", "/total/source/parts/0/absence"),
        ("/total/source/parts/0/places", 9, "/total/source/parts/0/places"),
        ("/total/source/parts/0/wieght", "60", "/total/source/parts/0/wieght"),
        ("/total/source/parts/0/source/kind", "astrology", "/total/source/parts/0/source/kind"),
        ("/total/source/parts/0/source/eased", "yes", "/total/source/parts/0/source/eased"),
        ("/total/source/parts/1/source/groups/staff", -1, "/total/source/parts/1/source/groups/staff"),
        ("/total/source/parts/1/source/groups", 30, "/total/source/parts/1/source/groups"),
        ("/total/source/parts/1/source/gathering/method", "guess", "/total/source/parts/1/source/gathering/method"),
        ("/total/source/parts/1/source/gathering/drop_high", "1", "/total/source/parts/1/source/gathering/drop_high"),
        ("/tables/0/lines", {}, "/tables/0/lines"),
        ("/tables/0/lines/3", "repair", "/tables/0/lines/3"),
        ("/tables/0/lines/3/points", DROP, "/tables/0/lines/3/points"),
        ("/tables/0/factors/complaint", "two", "/tables/0/factors/complaint"),
        ("/vetoes/0/tests/0/op", "==", "/vetoes/0/tests/0/op"),
        ("/consequences/0/bands", ["fail", 7], "/consequences/0/bands/1"),
        ("/consequences/0/in_a_row", 0, "/consequences/0/in_a_row"),
        ("/consequences/0/money/base", "soul", "/consequences/0/money/base"),
        ("/consequences/0/money/amount_fen", 1.5, "/consequences/0/money/amount_fen"),
        ("/rollups/0/at_least", 13, "/rollups/0/at_least"),
        ("/presence/min_days", 32, "/presence/min_days"),
        ("/unrated_breaks_streak", 1, "/unrated_breaks_streak"),
        ("/appeal_days", 91, "/appeal_days"),
        ("/surprise", 1, "/surprise"),
    ],
)
def test_a_wrong_value_is_named_by_its_pointer(path, value, where):
    assert where in said(changed(path, value))


@pytest.mark.parametrize("data", [None, [], "scheme", 7])
def test_what_is_no_object_is_refused(data):
    assert said(data)["/"] == "This must be an object."


def test_all_errors_are_said_at_once():
    data = changed("/tables/0/lines/0/points", "much")
    data["bands"][1]["low"] = "eighty"
    assert set(said(data)) == {"/tables/0/lines/0/points", "/bands/1/low"}


def test_parts_do_not_nest_without_end():
    data = document("campus_monthly")
    part = data["total"]
    for index in range(9):
        part = {**part, "key": f"k{index}", "source": {"kind": "parts", "parts": [part]}}
    data["total"] = part
    assert [text for text in said(data).values() if "deeply" in text] == ["Parts are nested too deeply."]


def test_optional_parts_are_read():
    data = document("person_monthly") | {"ranking": {"last": 2, "min_class": 5}}
    scheme = parse_scheme(data)
    assert (scheme.ranking.last, scheme.ranking.min_class, scheme.split.supervisor) == (2, 5, Decimal(20))
    data = document("campus_monthly")
    for name in ("presence", "rollups"):
        del data[name]
    scheme = parse_scheme(data)
    assert (scheme.presence.min_days, scheme.rollup("year").at_least) == (0, 1)


@given(documents())
def test_whatever_is_drawn_is_read(data):
    assert parse_scheme(data).code == "random"


# --- sense


def objections(data: dict, *, warnings: bool = False) -> dict[str, str]:
    found = validate(parse_scheme(data), KNOWN)
    return {one.pointer: str(one.message) for one in found if one.is_warning is warnings}


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("/total/source/parts/0/weight", "50", "/total/source/parts"),
        ("/total/source/parts/0/weight", "0", "/total/source/parts/0/weight"),
        ("/total/source/parts/0/weight", "-60", "/total/source/parts/0/weight"),
        ("/total/source/parts/1/key", "departments", "/total/source/parts/1/key"),
        ("/total/source/parts/0/table", "nothing", "/total/source/parts/0/table"),
        ("/total/source/parts/0/table", DROP, "/total/source/parts/0/table"),
        ("/total/source/parts/1/table", "departments", "/tables/0/key"),
        ("/total/source/parts/0/cap", "0", "/total/source/parts/0/cap"),
        ("/total/source/parts", [], "/total/source/parts"),
        ("/total/source/parts/0/source/parts", [{"key": "x", "name": {"zh": "x"}, "source": {"kind": "manual"}}],
         "/total/source/parts/0/source/parts"),
        ("/total/source/parts/0/source/start", "0", "/total/source/parts/0/source/start"),
        ("/total/source/parts/1/source/groups", {}, "/total/source/parts/1/source/groups"),
        ("/total/source/parts/1/source/gathering", {"method": "trimmed_mean"},
         "/total/source/parts/1/source/gathering/drop_high"),
        ("/total/source/parts/1/source/gathering", {"method": "mean", "drop_low": 1},
         "/total/source/parts/1/source/gathering/method"),
        ("/total/source/parts/1/source/gathering", {"method": "share"},
         "/total/source/parts/1/source/gathering/method"),
        ("/total/source/parts/1/source", {"kind": "metric"}, "/total/source/parts/1/source/code"),
        ("/total/source/parts/1/source", {"kind": "metric", "code": "work.luck"}, "/total/source/parts/1/source/code"),
        ("/total/source/parts/1/source", {"kind": "count", "code": "ghosts", "scoring": {"zero": "9", "full": "0"}},
         "/total/source/parts/1/source/code"),
        ("/total/source/parts/1/source", {"kind": "count", "code": "complaints"},
         "/total/source/parts/1/source/scoring"),
        ("/total/source/parts/1/source", {"kind": "metric", "code": "work.task_compliance",
         "scoring": {"zero": "9", "full": "9"}}, "/total/source/parts/1/source/scoring/full"),
        ("/total/source/parts/1/source", {"kind": "metric", "code": "work.task_compliance",
         "scoring": {"zero": "9", "full": "0"}}, "/total/source/parts/1/source/scoring/full"),
        ("/total/source/parts/1/source", {"kind": "metric", "code": "work.evidence_rejected",
         "scoring": {"zero": "0", "full": "9"}}, "/total/source/parts/1/source/scoring/full"),
        ("/total/source/parts/1/source", {"kind": "scheme", "code": "unknown"}, "/total/source/parts/1/source/code"),
        ("/total/source/parts/1/source", {"kind": "scheme", "code": "campus_monthly"},
         "/total/source/parts/1/source/code"),
        ("/tables/0/lines", [], "/tables/0/lines"),
        ("/tables/0/lines/1/item", "public_hygiene", "/tables/0/lines/1/item"),
        ("/tables/0/lines/1/points", "-1", "/tables/0/lines/1/points"),
        ("/tables/0/lines/1/points", "0", "/tables/0/lines/1/points"),
        ("/tables/0/lines/1/cap", "0.5", "/tables/0/lines/1/cap"),
        ("/tables/0/factors/complaint", "0", "/tables/0/factors/complaint"),
        ("/tables/0/ceiling", "0.5", "/tables/0/ceiling"),
        ("/vetoes/1/key", "safety_accident", "/vetoes/1/key"),
        ("/vetoes/1/at_most", "doom", "/vetoes/1/at_most"),
        ("/vetoes/3/tests", [], "/vetoes/3/tests"),
        ("/bands", [], "/bands"),
        ("/bands/1/code", "excellent", "/bands/1/code"),
        ("/bands/2/low", "75", "/bands/2/is_gap"),
        ("/bands/1/high", "80", "/bands/1/high"),
        ("/bands/1/high", "91", "/bands/1/high"),
        ("/bands/1/high", DROP, "/bands/1/high"),
        ("/bands/3/high", "81", "/bands/3/high"),
        ("/bands/0/low", DROP, "/bands/1/high"),
        ("/bands/3/is_gap", True, "/bands"),
        ("/consequences/1/key", "bond_one_percent", "/consequences/1/key"),
        ("/consequences/0/bands", [], "/consequences/0/bands"),
        ("/consequences/0/bands", ["doom"], "/consequences/0/bands/0"),
        ("/consequences/0/money", DROP, "/consequences/0/money"),
        ("/consequences/0/money/share", "101", "/consequences/0/money/share"),
        ("/consequences/0/money/share", "0", "/consequences/0/money/share"),
        ("/consequences/0/money", {"base": "fixed"}, "/consequences/0/money/amount_fen"),
        ("/consequences/1/money", {"base": "bond", "share": "1"}, "/consequences/1/money"),
        ("/rollups/1/grain", "quarter", "/rollups/1/grain"),
        ("/rollups/0/at_least", 4, "/rollups/0/at_least"),
        ("/split", {"supervisor": "10"}, "/split"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_named_by_its_pointer(path, value, where):
    assert where in objections(changed(path, value))


def test_two_tables_of_one_code():
    data = document("campus_monthly")
    data["tables"].append(data["tables"][0])
    assert objections(data)["/tables/1/key"] == "Two tables have this code."


def test_a_share_of_the_supervisor_is_a_percentage():
    assert "/split/supervisor" in objections(changed("/split/supervisor", "101", code="person_monthly"))


def test_weights_say_what_they_add_up_to():
    said = objections(changed("/total/source/parts/0/weight", "59.5"))
    assert said == {"/total/source/parts": "The weights add up to 99.5, not to 100."}


GAP = "No band covers 80 to 90. Widen one, or declare a band for gaps."
NO_TOP = "No band covers the highest points: the best one is open above."
NO_BOTTOM = "No band covers the lowest points."
OVERLAP = "This band overlaps the one above it: bands stand from best to worst."
BANDS = [
    ([("a", "90", None), ("b", None, "80")], {"/bands/1/high": GAP}),
    ([("a", "90", "100"), ("b", None, "90")], {"/bands/0/high": NO_TOP}),
    ([("a", "90", None), ("b", "10", "90")], {"/bands/1/low": NO_BOTTOM}),
    ([("a", "90", None), ("b", "0", "90")], {}),
    ([("a", None, None)], {}),
    ([("b", None, "90"), ("a", "90", None)],
     {"/bands/0/high": NO_TOP, "/bands/1/low": NO_BOTTOM, "/bands/1/high": OVERLAP}),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), BANDS)
def test_bands_cover_every_point_once(rows, expected):
    data = document("campus_monthly") | {"vetoes": [], "consequences": []}
    data["bands"] = [{"code": code, "name": {"zh": code}, "low": low, "high": high} for code, low, high in rows]
    assert objections(data) == expected


def test_only_a_band_for_gaps():
    data = document("campus_monthly") | {"vetoes": [], "consequences": []}
    data["bands"] = [{"code": "all", "name": {"zh": "全"}, "is_gap": True}]
    assert objections(data) == {}


def test_a_panel_of_two_is_a_warning_only():
    data = changed("/total/source/parts/1/source/groups", {"staff": 2})
    assert objections(data) == {}
    check(parse_scheme(data), KNOWN)
    assert list(objections(data, warnings=True)) == ["/total/source/parts/1/source/gathering/at_least"]


def test_check_raises_every_error():
    with pytest.raises(Invalid) as caught:
        check(parse_scheme(changed("/total/source/parts/0/weight", "50")), KNOWN)
    assert [error.field for error in caught.value.fields] == ["/total/source/parts"]


def test_schemes_that_read_each_other():
    """person → team is shipped; team → person closes the circle."""
    data = document("team_monthly")
    data["total"]["source"]["parts"][3]["source"] = {"kind": "scheme", "code": "person_monthly"}
    known = Known(KNOWN.metrics, {"person_monthly": ["team_monthly"], "team_monthly": []})
    found = {one.pointer: str(one.message) for one in validate(parse_scheme(data), known)}
    assert found == {"/total/source/parts/3/source/code": "The schemes read each other in a circle."}


@pytest.mark.parametrize(
    ("reads", "expected"),
    [({}, False), ({"a": ["b"]}, True), ({"a": ["c"], "c": ["b"]}, True), ({"a": ["c"], "c": ["a"]}, False)],
)
def test_reaching(reads, expected):
    assert reaches("a", "b", reads) is expected
