"""Comparing versions and grades."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.standards.rules.clauses import ClauseSpec
from wuyou.domains.standards.rules.comparing import Change, GradeRow, compare_clauses, compare_grades

A = ClauseSpec("A", "clean", "楼道", "清扫", "cadence", values={"g1": "2/1 d", "g2": "1/1 d"})
B = ClauseSpec("B", "clean", "楼道", "拖洗", "cadence", values={"g1": "1/1 w"})


def test_what_is_new_and_what_is_gone():
    found = compare_clauses([A], [B])
    assert (found.added, found.removed, found.changed, found.is_empty) == ((B,), (A,), (), False)


def test_the_order_does_not_count():
    assert compare_clauses([A, B], [B, A]).is_empty


def test_values_say_whether_they_became_stricter():
    after = replace(A, values={"g1": "1/1 d", "g2": "2/1 d", "g3": "1/1 m"})
    assert compare_clauses([A], [after]).changed == (
        Change("A", "values.g1", "2/1 d", "1/1 d", "looser"),
        Change("A", "values.g2", "1/1 d", "2/1 d", "stricter"),
        Change("A", "values.g3", "-", "1/1 m", "stricter"),
    )


def test_a_dropped_value_is_looser():
    after = replace(A, values={"g1": "2/1 d"})
    assert compare_clauses([A], [after]).changed == (Change("A", "values.g2", "1/1 d", "-", "looser"),)


def test_values_of_another_kind_cannot_be_compared():
    after = replace(A, kind="duty", values={"g1": "定期", "g2": "1/1 d"})
    assert compare_clauses([A], [after]).changed == (
        Change("A", "kind", "cadence", "duty"),
        Change("A", "values.g1", "2/1 d", "定期"),
    )


def test_fields_are_shown_as_text():
    after = replace(A, minutes_per_unit=Decimal("1.5"), basis="合同")
    assert compare_clauses([A], [after]).changed == (
        Change("A", "basis", "", "合同"),
        Change("A", "minutes_per_unit", "", "1.5"),
    )


def test_wordings_have_no_effect():
    duty = replace(A, kind="duty", values={"g1": "定期"})
    changed = compare_clauses([duty], [replace(duty, values={"g1": "适时"})]).changed
    assert changed == (Change("A", "values.g1", "定期", "适时", ""),)


def test_grades_side_by_side():
    assert compare_grades([A, B], ["g1", "g2"]) == [
        GradeRow(A, {"g1": "2/1 d", "g2": "1/1 d"}),
        GradeRow(B, {"g1": "1/1 w", "g2": "-"}),
    ]
    assert [row.differs for row in compare_grades([A], ["g1"])] == [False]
    assert [row.differs for row in compare_grades([A, B], ["g1", "g2"])] == [True, True]


texts = st.sampled_from(["1/1 d", "2/1 d", "1/1 w", "-", ""])
specs = st.lists(
    st.builds(
        replace, st.just(A), code=st.sampled_from("ABCD"), values=st.dictionaries(st.sampled_from(["g1", "g2"]), texts)
    ),
    unique_by=lambda spec: spec.code,
)


@given(specs, specs)
def test_back_and_forth_mirror_each_other(one, other):
    there, back = compare_clauses(one, other), compare_clauses(other, one)
    assert ({spec.code for spec in there.added}, {spec.code for spec in there.removed}) == (
        {spec.code for spec in back.removed},
        {spec.code for spec in back.added},
    )
    turned = {"stricter": "looser", "looser": "stricter", "": ""}
    assert {(c.code, c.field, c.before, c.after, c.effect) for c in there.changed} == {
        (c.code, c.field, c.after, c.before, turned[c.effect]) for c in back.changed
    }


@given(specs)
def test_nothing_differs_from_itself(one):
    assert compare_clauses(one, one).is_empty
