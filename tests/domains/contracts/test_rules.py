"""Staffing, terms and contract files."""

import copy
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.contracts.rules.document import StaffingEntry, read_document
from wuyou.domains.contracts.rules.staffing import (
    LicenceHeld,
    Misfit,
    Reason,
    StaffingTerm,
    Worker,
    check_staffing,
    education_rank,
)
from wuyou.domains.contracts.rules.terms import (
    FeeChange,
    fen_of,
    last_day,
    renewal_alert,
    yearly_fee_fen,
)
from wuyou.domains.standards.rules.promises import Promise
from wuyou.kernel.errors import Invalid

ON = date(2026, 11, 20)
GUARD = Worker(1, "S1", "武", "保安员", sex="male", born_on=date(1981, 7, 1), education="高中")
GUARDS = StaffingTerm("保安员", heads=1, max_age=50, sex="male")


def reasons(term, worker):
    results = check_staffing([term], [worker], on=ON)
    return [(reason.code, reason.found) for failing in results[0].failing for reason in failing.reasons]


class TestStaffing:
    def test_who_fits_counts(self):
        result = check_staffing([GUARDS], [GUARD], on=ON)[0]
        assert (result.present, result.fitting, result.short, result.is_kept, result.failing) == (1, 1, 0, True, ())

    @pytest.mark.parametrize(
        ("born_on", "expected"),
        [
            (date(1975, 11, 21), []),
            (date(1975, 11, 20), [(Misfit.TOO_OLD, "51")]),
            (date(1976, 11, 20), []),
            (None, [(Misfit.AGE_UNKNOWN, "")]),
        ],
    )
    def test_age_is_counted_to_the_day(self, born_on, expected):
        assert reasons(GUARDS, replace(GUARD, born_on=born_on)) == expected

    @pytest.mark.parametrize(
        ("sex", "expected"), [("male", []), ("female", [(Misfit.WRONG_SEX, "")]), ("", [(Misfit.SEX_UNKNOWN, "")])]
    )
    def test_sex(self, sex, expected):
        assert reasons(GUARDS, replace(GUARD, sex=sex)) == expected

    @pytest.mark.parametrize(
        ("education", "expected"),
        [
            ("大专", []),
            ("本科", []),
            ("中专", [(Misfit.LESS_EDUCATED, "中专")]),
            ("", [(Misfit.EDUCATION_UNKNOWN, "")]),
            ("私塾", [(Misfit.EDUCATION_UNKNOWN, "")]),
        ],
    )
    def test_education(self, education, expected):
        assert reasons(StaffingTerm("保安员", education="大专"), replace(GUARD, education=education)) == expected

    def test_words_for_the_same_education_are_equal(self):
        assert education_rank("高中") == education_rank("中专") == 2
        assert education_rank("小学") < education_rank("初中") < education_rank("专科") < education_rank("博士")
        assert education_rank("") is None

    @pytest.mark.parametrize(
        ("licences", "expected"),
        [
            ((), [(Misfit.LICENCE_MISSING, "")]),
            ((LicenceHeld("guard"),), [(Misfit.LICENCE_MISSING, "")]),
            ((LicenceHeld("electrician_lv", valid_to=ON),), []),
            ((LicenceHeld("electrician_lv", valid_to=ON - timedelta(1)),), [(Misfit.LICENCE_EXPIRED, "2026-11-19")]),
            ((LicenceHeld("electrician_lv", valid_to=date(2020, 1, 1)), LicenceHeld("electrician_lv")), []),
            ((LicenceHeld("electrician_lv", valid_from=ON + timedelta(1)),), [(Misfit.LICENCE_MISSING, "")]),
        ],
    )
    def test_licences_are_held_and_in_force(self, licences, expected):
        term = StaffingTerm("保安员", licence="electrician_lv", licence_name="电工证")
        assert reasons(term, replace(GUARD, licences=licences)) == expected

    def test_every_reason_is_told(self):
        worker = replace(GUARD, born_on=None, sex="female", education="小学")
        term = StaffingTerm("保安员", max_age=50, sex="male", education="大专", licence="guard")
        assert [code for code, _found in reasons(term, worker)] == [
            Misfit.AGE_UNKNOWN, Misfit.WRONG_SEX, Misfit.LESS_EDUCATED, Misfit.LICENCE_MISSING,
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("hired", "left", "present"),
        [(None, None, 1), (ON, None, 1), (ON + timedelta(1), None, 0), (None, ON, 1), (None, ON - timedelta(1), 0)],
    )
    def test_only_who_is_there_on_the_day(self, hired, left, present):
        assert check_staffing([GUARDS], [replace(GUARD, hired_on=hired, left_on=left)], on=ON)[0].present == present

    def test_heads_missing(self):
        result = check_staffing([replace(GUARDS, heads=3)], [GUARD, replace(GUARD, sex="female")], on=ON)[0]
        assert (result.present, result.fitting, result.short, result.is_kept) == (2, 1, 2, False)

    def test_without_a_number_one_is_enough_and_needed(self):
        term = replace(GUARDS, heads=None)
        assert check_staffing([term], [GUARD], on=ON)[0].is_kept is True
        assert check_staffing([term], [], on=ON)[0].short == 1

    def test_jobs_are_kept_apart_in_the_order_of_the_contract(self):
        terms = [StaffingTerm("保洁员", heads=1), replace(GUARDS, heads=1)]
        assert [(result.term.job, result.present) for result in check_staffing(terms, [GUARD], on=ON)] == [
            ("保洁员", 0), ("保安员", 1),
        ]  # fmt: skip

    def test_reasons_in_words(self):
        with translation.override("en"):
            assert str(Reason(Misfit.TOO_OLD, "53", "50")) == "53 years old, at most 50 promised"

    @given(st.lists(st.booleans()), st.integers(1, 20))
    def test_present_is_fitting_and_failing(self, fits, heads):
        workers = [replace(GUARD, id=n, sex="male" if fit else "female") for n, fit in enumerate(fits)]
        result = check_staffing([replace(GUARDS, heads=heads)], workers, on=ON)[0]
        assert result.present == result.fitting + len(result.failing) == len(fits)
        assert result.short == max(0, heads - sum(fits))


class TestTerms:
    @pytest.mark.parametrize(
        ("left", "alert"),
        [
            (400, ""),
            (181, ""),
            (180, "180"),
            (91, "180"),
            (90, "90"),
            (31, "90"),
            (30, "30"),
            (0, "30"),
            (-1, "expired"),
        ],
    )
    def test_renewal_alerts(self, left, alert):
        assert renewal_alert(ON + timedelta(left), on=ON) == alert

    @pytest.mark.parametrize(
        ("start", "years", "expected"),
        [
            (date(2025, 12, 1), 3, date(2028, 11, 30)),
            (date(2024, 2, 29), 1, date(2025, 2, 28)),
            (date(2024, 2, 29), 4, date(2028, 2, 28)),
            (date(2024, 3, 1), 1, date(2025, 2, 28)),
        ],
    )
    def test_the_last_day_of_a_term(self, start, years, expected):
        assert last_day(start, years=years) == expected

    def test_the_fee_follows_approved_changes_from_their_day(self):
        changes = [FeeChange(date(2026, 1, 1), 100), FeeChange(date(2026, 7, 1), -30)]
        days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 7, 1)]
        assert [yearly_fee_fen(1000, changes, on=day) for day in days] == [1000, 1100, 1070]

    @pytest.mark.parametrize(
        ("yuan", "fen"), [(3360000, 336000000), ("0.01", 1), (168000.5, 16800050), (0, 0), (Decimal("1.20"), 120)]
    )
    def test_yuan_are_whole_fen(self, yuan, fen):
        assert fen_of(yuan, name="fee") == fen

    @pytest.mark.parametrize("yuan", ["much", None, -1, "0.001", "NaN", "Infinity", "1e20", ""])
    def test_what_is_no_amount(self, yuan):
        with pytest.raises(Invalid) as error:
            fen_of(yuan, name="fee")
        assert [one.field for one in error.value.fields] == ["fee"]


DATA = {
    "project": {
        "code": "JT", "name": "万户新居", "client": "住建局", "term_years": 3, "start": date(2025, 12, 1),
        "mode": "包干制",
        "yearly_fee_yuan": 3360000, "bond_yuan": 168000,
    },
    "staffing": [
        {"post": "保安员", "heads": 10, "sex": "男", "max_age": 50, "coverage": "24h 巡逻"},
        {"post": "电工", "qualification": "电工证", "education": "大专"},
    ],
    "cadences": [{"subject": "路灯", "what": "检查", "per": "1/1 m"}],
    "reply_limits": {"微信群": "24 h", "报修": "24 h 受理", "座谈会": "on the spot"},
    "equipment": {"割草机": 5, "tools": ["镰刀", 1.5]},
}  # fmt: skip


def changed(path, value):
    """The data with one place changed; `...` takes it out."""
    data = copy.deepcopy(DATA)
    *way, last = path
    place = data
    for step in way:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return data


class TestDocument:
    def test_a_good_file(self):
        document = read_document(DATA)
        assert (document.project_code, document.mode) == ("JT", "fixed")
        assert (document.starts_on, document.ends_on) == (date(2025, 12, 1), date(2028, 11, 30))
        assert (document.yearly_fee_fen, document.bond_fen) == (336_000_000, 16_800_000)
        assert document.staffing == (
            StaffingEntry("保安员", 10, 50, "male", coverage="24h 巡逻"),
            StaffingEntry("电工", education="大专", licence_name="电工证"),
        )
        assert document.promises == (
            Promise("路灯", "检查", "1/1 m"),
            Promise("微信群", "答复时限", "24", "hours", "h"),
            Promise("报修", "受理", "24", "hours", "h"),
            Promise("座谈会", "答复时限", "on the spot", "duty"),
        )
        assert document.terms == {
            "reply_limits": DATA["reply_limits"], "equipment": {"割草机": 5, "tools": ["镰刀", "1.5"]},
        }  # fmt: skip

    def test_little_is_needed(self):
        document = read_document({"project": {**DATA["project"], "start": "2025-12-01"}})
        assert (document.starts_on, document.staffing, document.promises) == (date(2025, 12, 1), (), ())

    @pytest.mark.parametrize(
        ("path", "value", "where"),
        [
            (["project"], ..., "project"),
            (["project"], "JT", "project"),
            (["project", "start"], ..., "project.start"),
            (["project", "start"], "soon", "project.start"),
            (["project", "term_years"], ..., "project.term_years"),
            (["project", "term_years"], 0, "project.term_years"),
            (["project", "term_years"], True, "project.term_years"),
            (["project", "name"], "", "project.name"),
            (["project", "name"], "长" * 121, "project.name"),
            (["project", "client"], ..., "project.client"),
            (["project", "mode"], "白干制", "project.mode"),
            (["project", "yearly_fee_yuan"], "much", "project.yearly_fee_yuan"),
            (["project", "bond_yuan"], -1, "project.bond_yuan"),
            (["staffing"], "many", "staffing"),
            (["staffing"], 5, "staffing"),
            (["staffing", 0], "guards", "staffing.1"),
            (["staffing", 0, "post"], "", "staffing.1.post"),
            (["staffing", 0, "heads"], "ten", "staffing.1.heads"),
            (["staffing", 0, "heads"], 0, "staffing.1.heads"),
            (["staffing", 0, "max_age"], 5, "staffing.1.max_age"),
            (["staffing", 0, "sex"], "any", "staffing.1.sex"),
            (["staffing", 0, "coverage"], "长" * 61, "staffing.1.coverage"),
            (["staffing", 1, "education"], "私塾", "staffing.2.education"),
            (["cadences", 0, "per"], "0/1 d", "cadences.1.per"),
            (["cadences", 0, "per"], ..., "cadences.1.per"),
            (["cadences", 0, "subject"], ..., "cadences.1.subject"),
            (["cadences", 0, "what"], "", "cadences.1.what"),
            (["reply_limits"], "24 h", "reply_limits"),
        ],
    )
    def test_each_wrong_place_is_named(self, path, value, where):
        with pytest.raises(Invalid) as error:
            read_document(changed(path, value))
        assert [one.field for one in error.value.fields] == [where]

    def test_all_wrong_places_at_once(self):
        data = changed(["project", "mode"], "?")
        data["cadences"].append({"subject": "x", "what": "y", "per": "often"})
        with pytest.raises(Invalid) as error:
            read_document(data)
        assert [one.field for one in error.value.fields] == ["project.mode", "cadences.2.per"]

    @pytest.mark.parametrize("data", [None, [], "text", 5])
    def test_what_is_no_contract(self, data):
        with pytest.raises(Invalid):
            read_document(data)

    def test_no_hours_is_no_limit(self):
        promises = read_document(changed(["reply_limits"], {"微信群": "0 h", "热线": ""})).promises
        assert [(one.kind, one.value) for one in promises[1:]] == [("duty", "0 h"), ("duty", "-")]
