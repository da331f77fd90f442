"""How this installation is set, whether it is well, and what it is (spec 11)."""

import shutil
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wuyou.domains.org.policies import MANAGE_SYSTEM, require
from wuyou.kernel import evidence
from wuyou.kernel.errors import WuyouError
from wuyou.kernel.jobs.queries import counts_by_state, workers_alive
from wuyou.kernel.journal.guard import missing
from wuyou.ui.visitor import user_of

FREE_WARN, FREE_BAD = 5_000, 500  # MB
LOCAL = {"localhost", "127.0.0.1"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, what was found, and what to do."""

    subject: object
    found: object
    tone: str = "ok"
    remedy: object = ""


def findings() -> list[Finding]:
    """What an administrator should know, the worst first."""
    found = [database(), worker(), dead_jobs(), guard(), https(), mail(), disk(), font()]
    order = ["bad", "warn", "ok"]
    return sorted(found, key=lambda one: order.index(one.tone))


def database() -> Finding:
    """Which database."""
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(connection.vendor, connection.vendor)
    return Finding(_("Database"), name)


def worker() -> Finding:
    """Whether somebody does the background work."""
    count = workers_alive().count()
    if count:
        return Finding(_("Workers"), _("%(count)s at work") % {"count": count})
    remedy = _("Start one: wuyou worker (wuyou serve brings one along).")
    return Finding(_("Workers"), _("none was seen in the last minute"), "bad", remedy)


def dead_jobs() -> Finding:
    """Whether jobs were given up."""
    count = counts_by_state()["dead"]
    if not count:
        return Finding(_("Jobs given up"), _("none"))
    return Finding(_("Jobs given up"), count, "warn", _("Look at their errors under Background jobs."))


def guard() -> Finding:
    """Whether the database refuses changes of the journal."""
    gone = missing()
    if not gone:
        return Finding(_("Journal"), _("protected by the database"))
    return Finding(_("Journal"), _("not protected"), "bad", _("Run: wuyou upgrade"))


def https() -> Finding:
    """Whether the way here is encrypted."""
    host = settings.BASE_URL.split("//")[-1].split(":")[0]
    if settings.HTTPS or host in LOCAL:
        return Finding(_("Address"), settings.BASE_URL)
    remedy = _("Passwords cross the network in the clear. Put it behind HTTPS and set WUYOU_HTTPS=1.")
    return Finding(_("Address"), settings.BASE_URL, "warn", remedy)


def mail() -> Finding:
    """Whether e-mail goes out."""
    if settings.EMAIL_CONFIGURED:
        return Finding(_("E-mail"), _("goes out"))
    remedy = _("Name a mail server in the settings; without one messages stay in the app.")
    return Finding(_("E-mail"), _("does not go out"), "warn", remedy)


def disk() -> Finding:
    """Room for photos."""
    free = shutil.disk_usage(settings.HOME).free // 1_000_000
    tone = "bad" if free < FREE_BAD else "warn" if free < FREE_WARN else "ok"
    remedy = _("Photos need room: free or add some.") if tone != "ok" else ""
    return Finding(_("Disk"), _("%(count)s MB free") % {"count": f"{free:,}"}, tone, remedy)


def font() -> Finding:
    """A Chinese font for watermarks and labels."""
    try:
        evidence.check_font()
    except WuyouError as error:
        return Finding(_("Chinese font"), str(error), "bad", _("On Debian: apt-get install fonts-noto-cjk"))
    return Finding(_("Chinese font"), _("found"))


def version_here() -> str:
    """The version of the product."""
    try:
        return version("wuyou")
    except PackageNotFoundError:
        return "dev"


@require_GET
def settings_page(request: HttpRequest) -> HttpResponse:
    """Findings, and what this is."""
    require(user_of(request), MANAGE_SYSTEM)
    context = {"findings": findings(), "version": version_here(), "home": settings.HOME, "base_url": settings.BASE_URL}
    return render(request, "console/system/settings.html", context)
