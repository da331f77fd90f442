"""What journal entries say in words, for every page that tells a history. One verb a line: read as a table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.journal.models import Entry as JournalEntry
from wuyou.ui.pages import Entry

from .appraisal.looks import VERBS as APPRAISAL_VERBS
from .machines import who
from .quality.campaign_looks import VERBS as CAMPAIGN_VERBS
from .work.looks import VERBS as WORK_VERBS


@dataclass(frozen=True, slots=True)
class Word:
    """A verb in words, its icon and its tone."""

    label: object
    icon: str = "point"
    tone: str = "muted"


WORDS: Mapping[str, Word] = {
    "assets.asset_added": Word(_("Device entered"), icon="plus", tone="ok"),
    "assets.asset_changed": Word(_("Device changed"), icon="edit"),
    "assets.asset_moved": Word(_("Device moved"), icon="arrows-move"),
    "assets.asset_state_set": Word(_("Device's state set"), icon="engine", tone="info"),
    "clocks.calendar_loaded": Word(_("Working calendar loaded"), icon="calendar"),
    "clocks.clock_moved": Word(_("Deadline moved"), icon="clock"),
    "clocks.clock_paused": Word(_("Clock paused"), icon="clock-pause"),
    "clocks.clock_resumed": Word(_("Clock goes on"), icon="clock-play"),
    "clocks.clock_retargeted": Word(_("Deadline set anew"), icon="clock"),
    "contracts.contract_changed": Word(_("Contract changed"), icon="edit"),
    "contracts.contract_recorded": Word(_("Contract recorded"), icon="file-certificate", tone="ok"),
    "contracts.promises_set": Word(_("Promises of the contract set"), icon="list-check"),
    "evidence.original_opened": Word(_("Original opened"), icon="eye"),
    "evidence.received": Word(_("Evidence received"), icon="camera", tone="info"),
    "evidence.reviewed": Word(_("Evidence reviewed"), icon="photo-check"),
    "imports.run_applied": Word(_("Import loaded"), icon="table-import", tone="ok"),
    "imports.run_cancelled": Word(_("Import given up"), icon="x"),
    "imports.run_checked": Word(_("Import checked"), icon="checks"),
    "imports.run_failed": Word(_("Import failed"), icon="alert-circle", tone="bad"),
    "imports.run_undone": Word(_("Import taken back"), icon="arrow-back-up", tone="warn"),
    "imports.run_uploaded": Word(_("Workbook uploaded"), icon="upload"),
    "jobs.job_cancelled": Word(_("Job cancelled"), icon="x", tone="warn"),
    "jobs.job_retried": Word(_("Job started again"), icon="refresh"),
    "org.administrator_appointed": Word(_("Administrator appointed"), icon="user-shield", tone="warn"),
    "org.code_made": Word(_("New one-time code"), icon="key"),
    "org.comment_added": Word(_("Comment"), icon="message"),
    "org.invitation_accepted": Word(_("Invitation accepted"), icon="user-check", tone="ok"),
    "org.message_sent_again": Word(_("Message queued again"), icon="refresh"),
    "org.node_added": Word(_("Added to the organisation"), icon="plus", tone="ok"),
    "org.node_moved": Word(_("Moved in the organisation"), icon="arrows-move"),
    "org.node_renamed": Word(_("Renamed"), icon="edit"),
    "org.project_added": Word(_("Project added"), icon="building-community", tone="ok"),
    "org.project_changed": Word(_("Project changed"), icon="edit"),
    "org.project_closed": Word(_("Project closed"), icon="lock", tone="warn"),
    "org.role_added": Word(_("Role made"), icon="plus"),
    "org.role_changed": Word(_("Role changed"), icon="edit", tone="warn"),
    "org.role_ended": Word(_("Role ended"), icon="user-minus", tone="warn"),
    "org.role_granted": Word(_("Role given"), icon="user-plus", tone="ok"),
    "org.token_made": Word(_("Access token made"), icon="key"),
    "org.token_revoked": Word(_("Access token stopped"), icon="ban", tone="warn"),
    "org.user_changed": Word(_("User changed"), icon="edit"),
    "org.user_deactivated": Word(_("User shut out"), icon="user-off", tone="bad"),
    "org.user_invited": Word(_("User invited"), icon="user-plus", tone="ok"),
    "org.user_reactivated": Word(_("User let in again"), icon="user-check", tone="ok"),
    "org.webhook_added": Word(_("Webhook added"), icon="webhook"),
    "org.webhook_disabled": Word(_("Webhook switched off"), icon="ban", tone="warn"),
    "quality.appeal_climbed": Word(_("No answer in time: went one step up"), icon="arrow-up", tone="bad"),
    "quality.appeal_decided": Word(_("Appeal decided"), icon="scale", tone="info"),
    "quality.appeal_decider_named": Word(_("Decider named"), icon="user-check"),
    "quality.appeal_filed": Word(_("Appeal filed"), icon="scale", tone="warn"),
    "quality.appeal_ladder_set": Word(_("Ladder of appeals set"), icon="stairs"),
    "quality.appeal_stuck": Word(_("Nobody is left to decide"), icon="alert-triangle", tone="bad"),
    "quality.appeal_taken_further": Word(_("Taken a step further"), icon="arrow-up", tone="warn"),
    "quality.appeal_withdrawn": Word(_("Appeal withdrawn"), icon="x"),
    "quality.explanation_owed": Word(_("Explanation owed: still open at an inspection"), icon="message", tone="warn"),
    "quality.extension_asked": Word(_("More time asked for"), icon="hourglass"),
    "quality.extension_decided": Word(_("Wish for more time decided"), icon="scale", tone="info"),
    "quality.finding_action": Word(_("Corrective action decided"), icon="tool", tone="info"),
    "quality.finding_amended": Word(_("Finding amended"), icon="edit", tone="warn"),
    "quality.finding_analysed": Word(_("Cause found"), icon="search", tone="info"),
    "quality.finding_assigned": Word(_("Given to somebody"), icon="user-check"),
    "quality.finding_closed": Word(_("Finding closed"), icon="lock", tone="ok"),
    "quality.finding_contained": Word(_("Contained"), icon="shield-check", tone="info"),
    "quality.finding_counts_again": Word(_("Counts again: not explained in time"), icon="alert-circle", tone="bad"),
    "quality.finding_entered": Word(_("Found"), icon="alert-triangle", tone="bad"),
    "quality.finding_explained": Word(_("Explained why it was still open"), icon="message", tone="info"),
    "quality.finding_merged": Word(_("Merged into another finding"), icon="stack-2"),
    "quality.finding_merged_here": Word(_("Another sight of it was merged"), icon="stack-2"),
    "quality.finding_proved": Word(_("Put right, with photos"), icon="camera", tone="ok"),
    "quality.finding_refused": Word(_("Proof refused"), icon="x", tone="bad"),
    "quality.finding_released": Word(_("Who answered for it left: the team's again"), icon="user-minus", tone="warn"),
    "quality.finding_reopened": Word(_("Did not work: open again"), icon="refresh", tone="bad"),
    "quality.finding_revealed": Word(_("Made known to the project"), icon="eye", tone="info"),
    "quality.finding_verified": Word(_("Verified by somebody else"), icon="circle-check", tone="ok"),
    "quality.finding_voided": Word(_("Declared void"), icon="ban", tone="warn"),
    "quality.improvement_checked": Word(_("Effect checked"), icon="chart-line", tone="info"),
    "quality.improvement_measure_added": Word(_("Measure added"), icon="plus"),
    "quality.improvement_measure_done": Word(_("Measure done"), icon="check", tone="ok"),
    "quality.improvement_plan_changed": Word(_("Plan of the improvement changed"), icon="edit"),
    "quality.improvement_planned": Word(_("Improvement planned"), icon="flag"),
    "quality.improvement_proposal_decided": Word(_("Proposal to change a standard decided"), icon="scale", tone="info"),
    "quality.improvement_proposed": Word(_("Change of a standard proposed"), icon="book-2"),
    "quality.improvement_started": Word(_("Work on the improvement began"), icon="player-play", tone="info"),
    "quality.improvement_step_adjust": Word(_("Went on with other measures"), icon="refresh"),
    "quality.improvement_step_close": Word(_("Improvement closed"), icon="lock", tone="ok"),
    "quality.improvement_step_drop": Word(_("Improvement dropped"), icon="ban", tone="warn"),
    "quality.improvement_step_standardise": Word(_("Made the standard"), icon="book-2", tone="ok"),
    "quality.inspection_handed_on": Word(_("Handed the inspection on"), icon="user-share", tone="info"),
    "quality.inspection_published": Word(_("Published the inspection"), icon="send", tone="ok"),
    "quality.inspection_rescored": Word(_("Scored again"), icon="calculator", tone="warn"),
    "quality.inspection_started": Word(_("Began the inspection"), icon="player-play", tone="info"),
    "quality.inspection_submitted": Word(_("Signed and submitted"), icon="signature", tone="accent"),
    "quality.inspection_voided": Word(_("Declared the inspection void"), icon="ban", tone="bad"),
    "quality.lesson_changed": Word(_("Lesson changed"), icon="edit"),
    "quality.lesson_written": Word(_("Lesson written down"), icon="notebook", tone="ok"),
    "quality.similar_drawn": Word(_("Similar places listed"), icon="list-check"),
    "quality.similar_looked": Word(_("A similar place was looked at"), icon="eye"),
    "registry.care_ended": Word(_("Care flag ended"), icon="heart-off"),
    "registry.care_flagged": Word(_("Care flag set"), icon="heart", tone="info"),
    "registry.consent_given": Word(_("Consent given"), icon="circle-check", tone="ok"),
    "registry.consent_withdrawn": Word(_("Consent withdrawn"), icon="circle-x", tone="warn"),
    "registry.contractor_added": Word(_("Contractor added"), icon="plus", tone="ok"),
    "registry.contractor_changed": Word(_("Contractor changed"), icon="edit"),
    "registry.contractor_ended": Word(_("Work with the contractor ended"), icon="lock", tone="warn"),
    "registry.labels_printed": Word(_("Labels printed"), icon="printer"),
    "registry.moved_in": Word(_("Moved in"), icon="login", tone="ok"),
    "registry.moved_out": Word(_("Moved out"), icon="logout"),
    "registry.person_added": Word(_("Person entered"), icon="user-plus", tone="ok"),
    "registry.person_changed": Word(_("Person changed"), icon="edit"),
    "registry.person_erased": Word(_("Personal data erased"), icon="eraser", tone="bad"),
    "registry.person_exported": Word(_("Personal data exported"), icon="download", tone="warn"),
    "registry.person_merged": Word(_("Two records made one"), icon="arrow-merge", tone="info"),
    "registry.person_restricted": Word(_("Data only kept from now on"), icon="lock", tone="warn"),
    "registry.person_revealed": Word(_("Full value read"), icon="eye", tone="warn"),
    "registry.place_added": Word(_("Place added"), icon="plus", tone="ok"),
    "registry.place_changed": Word(_("Place changed"), icon="edit"),
    "registry.place_closed": Word(_("Place closed"), icon="lock", tone="warn"),
    "registry.place_moved": Word(_("Place moved"), icon="arrows-move"),
    "registry.place_reopened": Word(_("Place opened again"), icon="lock-open", tone="ok"),
    "registry.positions_set": Word(_("Positions on the map set"), icon="map-pin"),
    "registry.post_added": Word(_("Post added"), icon="plus", tone="ok"),
    "registry.post_changed": Word(_("Post changed"), icon="edit"),
    "registry.post_closed": Word(_("Post closed"), icon="lock"),
    "registry.qualification_added": Word(_("Licence entered"), icon="certificate", tone="ok"),
    "registry.qualification_renewed": Word(_("Licence renewed"), icon="refresh", tone="ok"),
    "registry.qualification_revoked": Word(_("Licence revoked"), icon="ban", tone="bad"),
    "registry.restriction_lifted": Word(_("Data used again"), icon="lock-open"),
    "registry.staff_changed": Word(_("Staff record changed"), icon="edit"),
    "registry.staff_hired": Word(_("Hired"), icon="user-plus", tone="ok"),
    "registry.staff_left": Word(_("Left"), icon="user-minus", tone="warn"),
    "registry.staff_zones_set": Word(_("Zones set"), icon="map-2"),
    "registry.supervisor_set": Word(_("Supervisor set"), icon="hierarchy-2"),
    "registry.tag_replaced": Word(_("Sticker replaced"), icon="qrcode"),
    "registry.tags_issued": Word(_("Codes issued"), icon="qrcode"),
    "registry.team_added": Word(_("Team added"), icon="users-group", tone="ok"),
    "registry.user_linked": Word(_("Log-in linked"), icon="link"),
    "registry.vehicle_added": Word(_("Vehicle entered"), icon="car"),
    "registry.vehicle_ended": Word(_("Vehicle left"), icon="car-off"),
    "registry.zone_added": Word(_("Zone added"), icon="map-2", tone="ok"),
    "registry.zone_owner_set": Word(_("Zone's owner set"), icon="user-check"),
    "registry.zone_set": Word(_("Put into a zone"), icon="map-2"),
    "sheets.sheet_changed": Word(_("Check sheet changed"), icon="edit"),
    "sheets.scoring_changed": Word(_("Scoring of a check sheet changed"), icon="calculator"),
    "sheets.version_loaded": Word(_("Shipped check sheet loaded"), icon="package"),
    "standards.shipped_loaded": Word(_("Shipped standards loaded"), icon="package"),
    "standards.version_loaded": Word(_("Shipped standard loaded"), icon="package"),
    "work.absence_cancelled": Word(_("Absence cancelled"), icon="calendar"),
    "work.absence_recorded": Word(_("Absence recorded"), icon="calendar-off"),
    "work.binding_ended": Word(_("Binding ended"), icon="unlink", tone="warn"),
    "work.deviated": Word(_("Deviation agreed"), icon="git-branch", tone="warn"),
    "work.deviation_ended": Word(_("Deviation ended"), icon="git-merge"),
    "work.disinfection_recorded": Word(_("Disinfection recorded"), icon="spray"),
    "work.line_added": Word(_("Plan line added"), icon="plus"),
    "work.line_changed": Word(_("Plan line changed"), icon="edit"),
    "work.line_removed": Word(_("Plan line removed"), icon="minus"),
    "work.plan_discarded": Word(_("Plan discarded"), icon="trash"),
    "work.plan_drafted": Word(_("Plan drafted"), icon="file-text"),
    "work.plan_published": Word(_("Plan published"), icon="send", tone="ok"),
    "work.plan_reconciled": Word(_("Plan adjusted to changes"), icon="refresh"),
    "work.plan_sent_back": Word(_("Plan sent back"), icon="arrow-back-up", tone="warn"),
    "work.plan_submitted": Word(_("Plan submitted for review"), icon="arrow-up"),
    "work.project_bound": Word(_("Project bound to a standard"), icon="link", tone="ok"),
    "work.refuse_recorded": Word(_("Refuse collection recorded"), icon="recycle"),
    "work.standard_withdrawn": Word(_("A standard in use was withdrawn"), icon="alert-triangle", tone="warn"),
    "work.tasks_generated": Word(_("Tasks generated"), icon="calendar-plus"),
    "work.workload_set": Word(_("Workload figures set"), icon="scale"),
}  # fmt: skip

# what an entry says besides, the first that is there
TOLD = ("reason", "note", "reasons", "grounds", "dropped_because", "measure", "text")


def word_of(verb: str) -> Word:
    """A verb in words; a verb no page knows stays as it is stored."""
    known = WORDS.get(verb)
    if known is not None:
        return known
    look = WORK_VERBS.get(verb) or CAMPAIGN_VERBS.get(verb) or APPRAISAL_VERBS.get(verb)
    return Word(look.label, look.icon, look.tone) if look else Word(verb)


def entry_of(row: JournalEntry) -> Entry:
    """A journal entry as the time line shows it: what, who, when, why, and its seal."""
    word, details = word_of(row.verb), row.details
    detail = next((details[name] for name in TOLD if details.get(name)), "")
    return Entry(row.at, who(row), word.label, icon=word.icon, tone=word.tone, detail=detail, seal=row.hash[:12])


def timeline_of(rows: Iterable[JournalEntry]) -> list[Entry]:
    """Entries as a time line, in the order given."""
    return [entry_of(row) for row in rows]
