"""Evidence with an appeal: photos and documents of who appealed and of who decides (spec 02, 05)."""

from typing import BinaryIO

from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from wuyou.domains.quality.choices import AppealState
from wuyou.domains.quality.models import Appeal
from wuyou.domains.quality.policies.appeals import check_attach
from wuyou.domains.quality.queries.appeals import standing
from wuyou.kernel import evidence
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict
from wuyou.kernel.evidence.choices import Kind
from wuyou.kernel.evidence.models import Evidence
from wuyou.kernel.transactions import action


@action
def attach_to_appeal(
    appeal: Appeal, *, upload: "File[bytes] | BinaryIO", by: Actor, kind: str = Kind.PHOTO
) -> Evidence:
    """Attach a photo or a document to an open appeal; raises Denied, Conflict once it is closed, Unsupported."""
    check_attach(by, appeal, deciders=standing(appeal).deciders)
    if appeal.state != AppealState.FILED:
        raise Conflict(_("This appeal is closed."))
    return evidence.receive(
        upload,
        by=by,
        project_id=appeal.project_id,
        subject=("appeal", appeal.pk, appeal.number),
        watermark=f"{appeal.project.name}\n{by.actor_label}",
        kind=kind,
    )
