"""The standard roles: who uses the product and what for (spec 00, table). A company adds its own beside them."""

from dataclasses import dataclass

READ_SITE = ("registry.view_places", "registry.view_staff", "assets.view_assets", "standards.view_standards",
             "sheets.view_sheets", "contracts.view_contracts", "work.view_plan", "work.view_tasks",
             "work.view_compliance")  # fmt: skip
RUN_SITE = (*READ_SITE, "registry.view_people", "registry.reveal_people", "registry.manage_people",
            "registry.manage_places", "registry.manage_staff", "registry.import_data", "registry.export_people",
            "registry.print_labels", "assets.manage_assets", "work.edit_plan", "work.do_tasks", "work.assign_tasks",
            "work.review_tasks", "work.manage_absence", "org.view_journal")  # fmt: skip
OVERSEE = (*READ_SITE, "registry.view_people", "registry.reveal_people", "work.review_tasks", "work.publish_plan",
           "work.bind_standards", "contracts.manage_contracts", "org.view_journal")  # fmt: skip
SEE_QUALITY = ("quality.view_inspections", "quality.view_findings")
CORRECT = (*SEE_QUALITY, "quality.inspect", "quality.correct_findings", "quality.verify_corrections")
JUDGE = (*SEE_QUALITY, "quality.inspect", "quality.manage_campaigns", "quality.publish_campaigns",
         "quality.verify_corrections", "quality.decide_extensions", "quality.decide_appeals",
         "quality.manage_improvement")  # fmt: skip
SEE_APPRAISAL = ("appraisal.view_scores", "appraisal.view_money")
APPRAISE_PEOPLE = ("appraisal.view_people", "appraisal.appraise_people", "appraisal.export_payroll")
APPRAISE = (*SEE_APPRAISAL, *APPRAISE_PEOPLE, "appraisal.enter_sources", "appraisal.appraise",
            "appraisal.approve_consequences", "appraisal.manage_targets")  # fmt: skip
WRITE_STANDARDS = ("standards.edit_standards", "sheets.edit_sheets")


@dataclass(frozen=True, slots=True)
class StandardRole:
    """A role as shipped."""

    code: str
    name_zh: str
    name_en: str
    permissions: tuple[str, ...]


STANDARD_ROLES = (
    StandardRole("administrator", "系统管理员", "System administrator", (
        "org.manage_organisation", "org.manage_users", "org.manage_system", "org.view_journal")),
    StandardRole("group_quality", "总部品质管理中心", "Group quality centre", (
        *OVERSEE, *JUDGE, *APPRAISE, "appraisal.edit_schemes", "appraisal.issue_schemes", *WRITE_STANDARDS,
        "standards.issue_standards", "registry.erase_people")),
    StandardRole("region", "区域负责人", "Region", (*OVERSEE, *JUDGE, *APPRAISE, "quality.file_appeals")),
    StandardRole("city", "城市公司负责人", "City company", (
        *OVERSEE, *JUDGE, *APPRAISE, "quality.file_appeals", "org.manage_users", "registry.manage_staff")),
    StandardRole("project_manager", "项目经理", "Project manager", (
        *RUN_SITE, *CORRECT, *SEE_APPRAISAL, *APPRAISE_PEOPLE, "quality.file_appeals", "quality.decide_appeals",
        "quality.manage_improvement",
        "work.publish_plan", "work.bind_standards", "contracts.manage_contracts", "org.manage_users",
        "registry.erase_people")),
    StandardRole("department_lead", "部门主管", "Department lead", (
        *READ_SITE, *CORRECT, "appraisal.view_people", "work.do_tasks", "work.assign_tasks", "work.review_tasks",
        "work.manage_absence",
        "registry.print_labels")),
    StandardRole("front_desk", "客服前台", "Front desk", (
        *READ_SITE, "quality.view_findings", "registry.view_people", "registry.reveal_people",
        "registry.manage_people", "work.do_tasks")),
    StandardRole("field_staff", "一线员工", "Field staff", ("work.do_tasks",)),
    StandardRole("client", "甲方", "Client", (
        *SEE_QUALITY, *SEE_APPRAISAL, "registry.view_places", "standards.view_standards", "contracts.view_contracts",
        "work.view_plan", "work.view_compliance")),
    StandardRole("owners_committee", "业主委员会", "Owners' committee", (
        *SEE_QUALITY, "appraisal.view_scores", "registry.view_places", "standards.view_standards", "work.view_plan",
        "work.view_compliance")),
    StandardRole("inspector", "外部检查员", "Outside inspector", ()),
)  # fmt: skip
