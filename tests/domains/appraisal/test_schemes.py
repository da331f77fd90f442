"""Schemes as records: drafted, reviewed by somebody else, issued, never changed (spec 06)."""

import copy

import pytest
from factories.appraisals import document
from factories.appraised import APPRAISER, BY, MARCH, campus_site, computed
from factories.org import NodeFactory, UserFactory, user_with

from wuyou.domains.appraisal.actions.enrolments import open_period
from wuyou.domains.appraisal.actions.schemes import (
    change_version,
    create_scheme,
    load_shipped_schemes,
    move_version,
    new_version,
)
from wuyou.domains.appraisal.models import Scheme, SchemeVersion
from wuyou.domains.appraisal.queries.periods import newest_month, simulate_version
from wuyou.domains.appraisal.queries.schemes import issued_version, known_now, schemes_visible_to
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("april")]


def own(code: str = "own", **more) -> dict:
    return document("campus_monthly") | {"code": code} | more


class TestShipped:
    def test_they_load_once(self):
        codes = ["campus_monthly", "group_project", "team_monthly", "person_monthly"]
        assert load_shipped_schemes(by=BY) == codes
        assert load_shipped_schemes(by=BY) == []
        assert {version.state for version in SchemeVersion.objects.all()} == {"issued"}

    def test_loading_needs_the_right(self):
        with pytest.raises(Denied):
            load_shipped_schemes(by=UserFactory())

    def test_what_schemes_read_is_known(self):
        load_shipped_schemes(by=BY)
        known = known_now()
        assert known.schemes["person_monthly"] == {"team_monthly"}
        assert known.metrics["work.evidence_rejected"] == "down"
        assert "registry.staff" not in known.metrics


class TestDrafting:
    @pytest.fixture
    def node(self):
        return NodeFactory()

    @pytest.fixture
    def author(self, node):
        return user_with(*APPRAISER, at=node)

    @pytest.fixture
    def version(self, node, author):
        return create_scheme(document=own(), node=node, note="初稿", by=author)

    def test_a_draft_is_kept_as_written(self, version, node):
        assert (version.number, version.state, version.document, version.scheme.node) == (1, "draft", own(), node)

    def test_a_code_is_taken_once(self, version, author, node):
        with pytest.raises(Invalid) as caught:
            create_scheme(document=own(), node=node, by=author)
        assert [error.field for error in caught.value.fields] == ["/code"]

    def test_who_writes(self, node, version):
        reader = user_with("appraisal.view_scores", at=node)
        for act in (
            lambda: create_scheme(document=own("other"), node=node, by=reader),
            lambda: change_version(version, document=own(), revision=0, by=reader),
            lambda: move_version(version, step="submit", by=reader),
            lambda: new_version(version.scheme, by=reader),
        ):
            with pytest.raises(Denied):
                act()

    def test_two_editors_at_once(self, version, author):
        changed = own(appeal_days=9)
        change_version(version, document=changed, revision=0, by=author)
        with pytest.raises(Conflict, match="Somebody else"):
            change_version(version, document=own(), revision=0, by=author)
        version.refresh_from_db()
        assert (version.document["appeal_days"], version.revision) == (9, 1)

    @pytest.mark.parametrize(("given", "where"), [({"code": "else"}, "/code"), ({"subject": "team"}, "/subject")])
    def test_code_and_subject_stay(self, version, author, given, where):
        with pytest.raises(Invalid) as caught:
            change_version(version, document=own() | given, revision=0, by=author)
        assert [error.field for error in caught.value.fields] == [where]

    def test_a_scheme_without_sense_is_not_submitted(self, version, author):
        bad = copy.deepcopy(own())
        bad["total"]["source"]["parts"][0]["weight"] = "50"
        change_version(version, document=bad, revision=0, by=author)
        with pytest.raises(Invalid, match="add up to 90"):
            move_version(version, step="submit", by=author)

    def test_somebody_else_issues(self, version, author, node):
        move_version(version, step="submit", by=author)
        with pytest.raises(Denied, match="Somebody else than the author"):
            move_version(version, step="issue", by=author)
        reviewer = user_with("appraisal.issue_schemes", at=node)
        move_version(version, step="return", by=reviewer)
        move_version(version, step="submit", by=author)
        move_version(version, step="issue", by=reviewer)
        assert (version.state, issued_version(version.scheme)) == ("issued", version)

    def test_an_issued_version_never_changes(self, version, author):
        move_version(version, step="submit", by=author)
        move_version(version, step="issue", by=BY)
        with pytest.raises(Conflict, match="Only a draft"):
            change_version(version, document=own(), revision=version.revision, by=author)
        with pytest.raises(IllegalMove):
            move_version(version, step="submit", by=author)
        second = new_version(version.scheme, note="二稿", by=author)
        assert (second.number, second.document) == (2, version.document)
        with pytest.raises(Conflict, match="being written"):
            new_version(version.scheme, by=author)
        move_version(version, step="withdraw", by=BY)
        assert issued_version(version.scheme) is None

    def test_only_the_own_company_sees_it(self, version, node, author):
        load_shipped_schemes(by=BY)
        stranger = user_with("appraisal.view_scores", at=NodeFactory())
        assert version.scheme in schemes_visible_to(author)
        assert version.scheme not in schemes_visible_to(stranger)
        assert schemes_visible_to(stranger).count() == 4
        assert schemes_visible_to(UserFactory()).count() == 0


class TestUnderWay:
    def test_a_month_keeps_the_version_it_was_opened_with(self):
        """A stricter version is issued while March is under way: March is as it was, April follows the new one."""
        found = campus_site()
        enrolment = found.enrolments["campus"]
        period = computed(enrolment, 90, 90, 90)
        scheme = Scheme.objects.get(code="campus_monthly")
        second = new_version(scheme, by=BY)
        stricter = copy.deepcopy(second.document)
        stricter["bands"][0]["low"], stricter["bands"][1]["high"] = "97", "97"
        change_version(second, document=stricter, revision=0, by=BY)
        move_version(second, step="submit", by=BY)
        move_version(second, step="issue", by=BY)
        assert open_period(enrolment, month=MARCH, by=BY).version == period.version
        assert (period.version.number, period.band) == (1, "excellent")
        assert open_period(enrolment, month=MARCH.replace(month=4), by=BY).version == second
        [(inputs, result)] = simulate_version(second.pk, enrolment, last=newest_month(), months=1, by=found.appraiser)
        assert (str(inputs.month), str(result.points), result.band) == ("2026-03", "96.00", "pass")
