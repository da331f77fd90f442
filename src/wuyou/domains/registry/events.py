"""What the register announces to the apps above, in the transaction in which it happens; arguments are ids."""

from django.dispatch import Signal

place_moved = Signal()  # place_id, project_id
place_closed = Signal()  # place_ids, project_id
place_reopened = Signal()  # place_id, project_id
zone_changed = Signal()  # place_ids, zone_id, project_id
places_imported = Signal()  # project_id
staff_left = Signal()  # staff_id, project_id, left_on
qualification_changed = Signal()  # staff_id, kind
persons_merged = Signal()  # kept_id, absorbed_id
person_erased = Signal()  # person_id
