"""The console's menu, and which records its search shows: one table, so that the whole can be seen (spec 11)."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.assets.policies import VIEW_ASSETS
from wuyou.domains.org.policies import MANAGE_ORGANISATION, MANAGE_SYSTEM, MANAGE_USERS, VIEW_JOURNAL
from wuyou.domains.registry.policies import IMPORT_DATA, VIEW_PEOPLE, VIEW_PLACES, VIEW_STAFF
from wuyou.ui import palette
from wuyou.ui.navigation import Group, Item, register

WORK, VIEW_TASKS, REVIEW_TASKS = "console:work:", "work.view_tasks", "work.review_tasks"
APPRAISAL, VIEW_SCORES, VIEW_MONEY = "console:appraisal:", "appraisal.view_scores", "appraisal.view_money"
REGISTRY, ORG, SYSTEM = "console:registry:", "console:org:", "console:system:"

# fmt: off
GROUPS = (
    Group("work", _("Work"), 10, [
        Item("mine", _("My work"), "home", f"{WORK}mine", phone=True),
        Item("tasks", _("Tasks"), "checklist", f"{WORK}tasks", VIEW_TASKS, phone=True, keywords="todo 任务"),
        Item("board", _("Team board"), "layout-kanban", f"{WORK}board", VIEW_TASKS, phone=True),
        Item("problems", _("Problems"), "alert-triangle", f"{WORK}problems", VIEW_TASKS, phone=True),
        Item("review", _("Evidence review"), "photo-check", f"{WORK}review", REVIEW_TASKS, keywords="photos 照片"),
        Item("ledgers", _("Ledgers"), "notebook", f"{WORK}ledgers", VIEW_TASKS, keywords="refuse 消毒 垃圾"),
        Item("absence", _("Absences"), "calendar-off", f"{WORK}absence", "work.manage_absence", keywords="leave 请假"),
    ]),
    Group("plan", _("Plan and standards"), 15, [
        Item("compliance", _("Compliance"), "gauge", f"{WORK}compliance", "work.view_compliance"),
        Item("plan", _("Plan"), "calendar-event", f"{WORK}plan", "work.view_plan", keywords="gantt calendar 日历"),
        Item("workload", _("Workload"), "scale", f"{WORK}workload", "work.view_plan", keywords="hours heads 工时 编制"),
        Item("standards", _("Standards"), "book-2", "console:standards:list", "standards.view_standards"),
        Item("contracts", _("Contracts"), "file-certificate", "console:contracts:list", "contracts.view_contracts"),
        Item("sheets", _("Check sheets"), "clipboard-list", "console:sheets:list", "sheets.view_sheets"),
    ]),
    Group("quality", _("Quality"), 20, [
        Item("campaigns", _("Inspection campaigns"), "clipboard-check", "console:quality:campaigns",
             "quality.view_inspections", keywords="coverage 检查活动 覆盖"),
        Item("inspections", _("Inspections"), "clipboard-text", "console:quality:inspections",
             "quality.view_inspections", keywords="检查 自查 监评 score"),
        Item("inspect_mine", _("My inspections"), "user-check", "console:quality:inspect_mine", "quality.inspect",
             keywords="检查 自查"),
        Item("findings", _("Findings"), "alert-circle", "console:quality:findings", "quality.view_findings",
             keywords="correction 整改 不合格"),
        Item("corrections", _("Corrections"), "layout-kanban", "console:quality:finding-board", "quality.view_findings",
             keywords="kanban 看板 整改"),
        Item("draws", _("Draws"), "arrows-shuffle", "console:quality:draws", "quality.view_inspections",
             keywords="sample lot 抽样 摇号"),
        Item("lots", _("Lot sampling"), "packages", "console:quality:lots", "quality.view_inspections",
             keywords="GB/T 2828 AQL 抽样检验"),
        Item("appeals", _("Appeals"), "scale", "console:quality:appeals", "quality.decide_appeals", keywords="申诉"),
        Item("statistics", _("Statistics"), "chart-dots", "console:quality:statistics", "quality.view_inspections",
             keywords="spc funnel 控制图 漏斗图"),
        Item("improvements", _("Improvement projects"), "chart-line", "console:quality:improvements",
             "quality.manage_improvement", keywords="PDCA 改善"),
        Item("lessons", _("Lessons"), "book", "console:quality:lessons", VIEW_TASKS, keywords="知识 经验"),
        Item("meeting", _("Quality meeting"), "users-group", "console:quality:meeting", "quality.manage_improvement",
             keywords="例会 报告 report"),
    ]),
    Group("appraisal", _("Appraisal"), 25, [
        Item("appraisals", _("Appraisals"), "gauge", f"{APPRAISAL}months", phone=True, keywords="score 考核 得分"),
        Item("appraised", _("Appraisals at a glance"), "chart-dots", f"{APPRAISAL}overview", VIEW_SCORES),
        Item("consequences", _("Consequences"), "flag", f"{APPRAISAL}consequences", VIEW_SCORES,
             keywords="penalty bonus 奖惩 处罚"),
        Item("statements", _("Statements"), "file-text", f"{APPRAISAL}statements", VIEW_MONEY, keywords="结算 fee"),
        Item("bonds", _("Performance bonds"), "shield-check", f"{APPRAISAL}bonds", VIEW_MONEY, keywords="保证金"),
        Item("letters", _("Target letters"), "trophy", f"{APPRAISAL}letters", VIEW_SCORES, keywords="KPI 责任书"),
        Item("payroll", _("Rewards and penalties"), "table", f"{APPRAISAL}payroll", "appraisal.export_payroll",
             keywords="payroll 工资"),
        Item("schemes", _("Appraisal schemes"), "scale", f"{APPRAISAL}schemes", VIEW_SCORES, keywords="方案 rules"),
    ]),
    Group("registry", _("Registry"), 30, [
        Item("places", _("Places"), "building-community", f"{REGISTRY}places", VIEW_PLACES, keywords="tree map 地图"),
        Item("rooms", _("Rooms"), "door", f"{REGISTRY}rooms", VIEW_PLACES),
        Item("people", _("Owners and residents"), "users", f"{REGISTRY}people", VIEW_PEOPLE, keywords="tenant 租户"),
        Item("staff", _("Staff"), "id-badge-2", f"{REGISTRY}staff", VIEW_STAFF, keywords="licence 证书"),
        Item("equipment", _("Equipment"), "engine", "console:assets:list", VIEW_ASSETS, keywords="device 设备"),
        Item("imports", _("Imports"), "table-import", f"{REGISTRY}imports", IMPORT_DATA, keywords="excel 导入"),
    ]),
    Group("system", _("System"), 40, [
        Item("organisation", _("Organisation"), "sitemap", f"{ORG}tree", MANAGE_ORGANISATION, keywords="project 项目"),
        Item("users", _("Users and roles"), "user-shield", f"{ORG}users", MANAGE_USERS, keywords="invite 邀请"),
        Item("journal", _("Journal"), "link", f"{SYSTEM}journal", VIEW_JOURNAL, keywords="audit seal 审计"),
        Item("jobs", _("Background jobs"), "stack-2", f"{SYSTEM}jobs", MANAGE_SYSTEM),
        Item("outbox", _("Messages sent"), "send", f"{SYSTEM}outbox", MANAGE_SYSTEM, keywords="e-mail 邮件 outbox"),
        Item("webhooks", _("Webhooks"), "webhook", f"{SYSTEM}webhooks", MANAGE_SYSTEM, keywords="api"),
        Item("settings", _("Settings and health"), "settings", f"{SYSTEM}settings", MANAGE_SYSTEM, keywords="关于"),
    ]),
)  # fmt: skip
# fmt: on

KINDS = (
    ("registry.place", _("Places"), "map-pin", VIEW_PLACES),
    ("registry.person", _("Owners and residents"), "user", VIEW_PEOPLE),
    ("registry.staff", _("Staff"), "id-badge-2", VIEW_STAFF),
    ("assets.asset", _("Equipment"), "engine", VIEW_ASSETS),
    ("quality.inspection", _("Inspections"), "clipboard-text", "quality.view_inspections"),
    ("quality.finding", _("Findings"), "alert-circle", "quality.inspect"),  # clients see only what was published
)


def install() -> None:
    """Register menu and search once at start."""
    for group in GROUPS:
        register(group)
    for code, label, icon, permission in KINDS:
        palette.show_kind(code, label, icon=icon, permission=permission)
