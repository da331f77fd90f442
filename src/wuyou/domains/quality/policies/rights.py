"""The permissions of quality; roles pick from them."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.permissions import declare

VIEW_INSPECTIONS = declare("quality.view_inspections", _("See inspections and their scores"))
MANAGE_CAMPAIGNS = declare("quality.manage_campaigns", _("Plan inspection campaigns and draw samples"))
PUBLISH_CAMPAIGNS = declare("quality.publish_campaigns", _("Publish the results of campaigns"))
INSPECT = declare("quality.inspect", _("Inspect"))
VIEW_FINDINGS = declare("quality.view_findings", _("See findings and corrections"))
CORRECT_FINDINGS = declare("quality.correct_findings", _("Correct findings"))
VERIFY_CORRECTIONS = declare("quality.verify_corrections", _("Verify corrections"))
DECIDE_EXTENSIONS = declare("quality.decide_extensions", _("Decide on extensions"))
FILE_APPEALS = declare("quality.file_appeals", _("Appeal"))
DECIDE_APPEALS = declare("quality.decide_appeals", _("Decide appeals"))
MANAGE_IMPROVEMENT = declare("quality.manage_improvement", _("Run improvement projects"))
