"""Who sees which appeals, and who adds evidence to them (spec 00 rule 4, 05)."""

from io import BytesIO

import pytest
from factories.appeals import after, appeal, company, holder
from factories.org import NodeFactory, ProjectFactory, UserFactory
from PIL import Image

from wuyou.domains.org.choices import NodeKind
from wuyou.domains.quality.actions.appeal_proofs import attach_to_appeal
from wuyou.domains.quality.actions.appeals import appoint_decider, decide_stage, withdraw_appeal
from wuyou.domains.quality.queries.appeals import (
    appeals_for_list,
    appeals_on,
    appeals_visible_to,
    appeals_waiting_for,
    open_appeal_on,
    proofs_of_appeal,
    standing,
)
from wuyou.domains.quality.queries.challenged import Kind, all_kinds, challenge, declare, forget, kind_of
from wuyou.kernel import clock
from wuyou.kernel.actors import System
from wuyou.kernel.errors import Conflict, Denied, Missing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moment")]


@pytest.fixture
def firm():
    """The company."""
    return company()


def photo() -> BytesIO:
    """A picture."""
    out = BytesIO()
    Image.effect_noise((320, 240), 60).convert("RGB").save(out, "JPEG")
    out.seek(0)
    return out


def sees(user) -> bool:
    """Whether a user sees any appeal at all."""
    return appeals_visible_to(user).exists()


class TestSeeing:
    def test_is_for_who_appeals_and_who_decides_in_the_subtree(self, firm):
        appeal(firm)
        people = {
            code: holder(code, firm.project.node)
            for code in ("department_lead", "front_desk", "field_staff", "client", "owners_committee", "inspector")
        }
        assert [sees(one) for one in (firm.manager, firm.quality, firm.head)] == [True] * 3
        assert {code: sees(one) for code, one in people.items()} == dict.fromkeys(people, False)
        assert sees(System("sweep"))

    def test_ends_at_the_next_project(self, firm):
        appeal(firm)
        other = ProjectFactory(node=NodeFactory(parent=firm.region, kind=NodeKind.PROJECT))
        assert not sees(holder("project_manager", other.node))

    def test_of_ones_own_needs_no_right(self, firm):
        worker = UserFactory()
        one = appeal(firm, by=worker, parties=(worker.pk,))
        assert list(appeals_for_list(worker)) == [one]

    def test_of_what_one_was_named_for_needs_no_right_here(self, firm):
        other = ProjectFactory()
        outsider = holder("project_manager", other.node)
        one = appeal(firm, decided_by=(firm.quality.pk, firm.head.pk))
        assert not sees(outsider)
        appoint_decider(one, user=outsider, by=UserFactory(is_admin=True))
        assert list(appeals_visible_to(outsider)) == [one]

    def test_an_administrator_sees_what_is_stuck_and_nothing_else(self, firm):
        admin = UserFactory(is_admin=True)
        appeal(firm)
        stuck = appeal(firm, id=2, decided_by=(firm.quality.pk, firm.head.pk))
        assert list(appeals_visible_to(admin)) == [stuck]

    def test_waits_for_nobody_without_a_name_or_a_role(self, firm):
        appeal(firm)
        assert appeals_waiting_for(System("sweep")) == []
        assert appeals_waiting_for(UserFactory()) == []
        elsewhere = ProjectFactory()
        assert appeals_waiting_for(holder("group_quality", elsewhere.node)) == []

    def test_a_list_asks_as_often_for_many_as_for_one(self, firm, django_assert_max_num_queries):
        for number in range(6):
            appeal(firm, id=number + 1)
        with django_assert_max_num_queries(4):
            assert [len(one.stages.all()) for one in appeals_for_list(firm.quality)] == [2] * 6
        firm.quality.__dict__.pop("_held", None)
        with django_assert_max_num_queries(3):
            assert len(appeals_waiting_for(firm.quality)) == 6

    def test_finds_what_is_open_against_a_decision(self, firm):
        one = appeal(firm)
        assert open_appeal_on(one.subject_kind, one.subject_id) == one
        withdraw_appeal(one, by=firm.manager)
        assert open_appeal_on(one.subject_kind, one.subject_id) is None
        assert list(appeals_on(one.subject_kind, one.subject_id)) == [one]

    def test_stands_nowhere_once_it_is_closed(self, firm):
        one = withdraw_appeal(appeal(firm), by=firm.manager)
        assert (standing(one).stage, standing(one).deciders) == (None, frozenset())


class TestEvidence:
    def test_is_added_by_who_appealed_and_who_decides(self, firm):
        one = appeal(firm)
        rows = [attach_to_appeal(one, upload=photo(), by=person) for person in (firm.manager, firm.quality)]
        assert proofs_of_appeal(one) == rows
        assert [row.project_id for row in rows] == [firm.project.pk] * 2

    def test_is_added_by_nobody_else(self, firm):
        one = appeal(firm)
        for person in (firm.head, UserFactory(), System("sweep")):
            with pytest.raises(Denied):
                attach_to_appeal(one, upload=photo(), by=person)

    def test_of_a_document_is_taken_as_such(self, firm):
        one = appeal(firm)
        row = attach_to_appeal(one, upload=BytesIO(b"%PDF-1.4\n"), by=firm.manager, kind="document")
        assert (row.kind, row.content_type) == ("document", "application/pdf")

    def test_of_a_closed_appeal_is_refused(self, firm):
        one = appeal(firm)
        decide_stage(one, outcome="uphold", reasons="维持", by=firm.quality)
        with pytest.raises(Conflict):
            attach_to_appeal(one, upload=photo(), by=firm.manager)

    def test_is_no_longer_added_by_who_let_the_time_pass(self, firm):
        one = appeal(firm)
        with clock.at(after(8)), pytest.raises(Denied):
            attach_to_appeal(one, upload=photo(), by=firm.quality)


class TestKinds:
    def test_are_declared_once(self):
        kind = Kind("test.once", "Once", lambda by, pk: (by, pk), lambda pk, given: given)
        try:
            assert declare(kind) is kind
            with pytest.raises(ValueError, match="twice"):
                declare(kind)
            assert kind in all_kinds()
            assert challenge("somebody", "test.once", 3) == ("somebody", 3)
        finally:
            forget("test.once")

    def test_that_nobody_declared_is_missing(self):
        with pytest.raises(Missing):
            kind_of("test.never")
