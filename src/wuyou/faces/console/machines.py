"""What the product's own machines and background jobs are called on pages: codes are for records, words for people."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.journal.models import Entry

MACHINES: Mapping[str, object] = {
    "appeals": _("Appeals watch"),
    "appraisal": _("Appraisal"),
    "clocks": _("Deadline watch"),
    "command line": _("Command line"),
    "contracts": _("Contract reminders"),
    "demo": _("Demonstration"),
    "effects": _("Watch over corrections"),
    "explanations": _("Watch over explanations"),
    "findings": _("Intake of findings"),
    "generation": _("Task generator"),
    "imports": _("Import clean-up"),
    "installation": _("Installation"),
    "standards": _("Standards watch"),
}

JOBS: Mapping[str, object] = {
    "appraisal.open_months": _("Open the months to be appraised"),
    "appraisal.rescore": _("Score a project's months again"),
    "appraisal.sweep_stale": _("Score again what has changed below"),
    "clocks.escalate_due": _("Warn of deadlines and escalate missed ones"),
    "clocks.recompute": _("Work deadlines out again after a change of the calendar"),
    "contracts.alert_renewals": _("Remind of contracts that end"),
    "idempotency.sweep": _("Clear away old request keys"),
    "imports.apply": _("Load an import"),
    "imports.check": _("Check an import"),
    "imports.remove_old_files": _("Clear away old workbooks"),
    "jobs.sweep": _("Clear away finished jobs"),
    "journal.seal": _("Seal the journal of the day"),
    "notify.deliver": _("Deliver notifications"),
    "org.deliver_webhook": _("Deliver a webhook"),
    "quality.count_unexplained": _("Count again what nobody explained in time"),
    "quality.remind_measures": _("Remind of measures that are due"),
    "quality.settle_effects": _("Close corrections whose effect held"),
    "quality.climb_appeals": _("Take appeals nobody answered a step up"),
    "registry.warn_expiring": _("Remind a project of licences that expire"),
    "registry.warn_expiring_all": _("Remind of licences that expire"),
    "work.count_compliance": _("Count compliance"),
    "work.generate": _("Generate a project's tasks"),
    "work.generate_all": _("Generate tasks"),
    "work.reconcile": _("Adjust a plan to changed places"),
    "work.take_statistics": _("Take statistics for the database"),
}


def job_name(code: str) -> object:
    """A job in words; the code itself for one this version does not know."""
    return JOBS.get(code, code)


def who(row: Entry) -> str:
    """Who did what an entry says: a person's name as it was then, a machine in words, and on whose behalf."""
    name = row.actor_label
    if row.actor_id.startswith("system:"):
        name = str(MACHINES.get(row.actor_id.removeprefix("system:"), name))
    return f"{name} ({row.on_behalf})" if row.on_behalf else name
