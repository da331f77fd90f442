"""Identities: places, people, households, staff, teams, posts, qualifications, contractors (spec 01)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from wuyou.domains.org.models import Node, Project
from wuyou.kernel.privacy import EncryptedText

from .choices import CareKind, Employment, OccupancyRole, PlaceLevel, RoomState, RoomUse, Sex


class Contractor(models.Model):
    """An outside company (合作单位) whose people work at projects below `node`."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="contractors")
    name = models.CharField(_("name"), max_length=120)
    licence = models.CharField(_("licence number"), max_length=60, blank=True)
    trade = models.CharField(_("trade"), max_length=60, blank=True)
    contact = models.CharField(_("contact"), max_length=120, blank=True)
    insured_until = models.DateField(_("insured until"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["node", "name"], name="contractor_name_once")]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A department of a project: 客服, 秩序, 环境, 工程 …"""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(_("name"), max_length=40)
    contractor = models.ForeignKey(Contractor, null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="team_name_once")]

    def __str__(self) -> str:
        return self.name


class Zone(models.Model):
    """A set of places with one accountable person (片区)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="zones")
    name = models.CharField(_("name"), max_length=40)
    owner = models.ForeignKey("Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="owned_zones")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="zone_name_once")]

    def __str__(self) -> str:
        return self.name


class Place(MP_Node):
    """A node of a project's places: site → area → building → unit → floor → room, or a public spot."""

    steplen = 4
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="places")
    level = models.CharField(_("place level"), max_length=10, choices=PlaceLevel.choices)
    category = models.CharField(_("category"), max_length=30, blank=True)  # 类别 of a public spot, e.g. 楼道楼梯
    code = models.CharField(_("code"), max_length=60)  # natural key within the project
    name = models.CharField(_("name"), max_length=80)
    zone = models.ForeignKey(Zone, null=True, blank=True, on_delete=models.PROTECT, related_name="places")
    area_m2 = models.DecimalField(_("area (m²)"), max_digits=10, decimal_places=2, null=True, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    material = models.CharField(_("material"), max_length=20, blank=True)
    x = models.FloatField(_("x (m)"), null=True, blank=True)
    y = models.FloatField(_("y (m)"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "code"], name="place_code_once"),
            models.CheckConstraint(
                condition=Q(area_m2__isnull=True) | Q(area_m2__gt=0),
                name="place_area_positive",
                violation_error_message=_("An area must be greater than zero."),
            ),
        ]
        indexes = [models.Index(fields=["project", "level", "category"])]

    def __str__(self) -> str:
        return self.name


class Building(models.Model):
    """What is known of a building; statutory duties depend on it (height, lifts, fire system, second supply)."""

    place = models.OneToOneField(Place, on_delete=models.PROTECT, primary_key=True, related_name="building")
    floors = models.PositiveSmallIntegerField(_("floors"))
    height_m = models.DecimalField(_("height (m)"), max_digits=6, decimal_places=1, null=True, blank=True)
    units = models.PositiveSmallIntegerField(_("number of units"), default=1)
    structure = models.CharField(_("structure"), max_length=20, blank=True)
    completed_on = models.DateField(_("completed on"), null=True, blank=True)
    has_lift = models.BooleanField(_("has lifts"), default=False)
    lift_accepted_on = models.DateField(_("lifts accepted (first day of the month)"), null=True, blank=True)
    has_fire_system = models.BooleanField(_("automatic fire system"), default=False)
    has_second_supply = models.BooleanField(_("secondary water supply"), default=False)


class Room(models.Model):
    """A dwelling or shop that can be billed and has residents."""

    place = models.OneToOneField(Place, on_delete=models.PROTECT, primary_key=True, related_name="room")
    use = models.CharField(_("use"), max_length=10, choices=RoomUse.choices)
    state = models.CharField(_("state"), max_length=12, choices=RoomState.choices)
    is_let = models.BooleanField(_("let out"), default=False)
    handed_over_on = models.DateField(_("handed over on"), null=True, blank=True)
    residents = models.PositiveSmallIntegerField(_("residents"), default=0)


class Tag(models.Model):
    """A code on a sticker (QR) of a place or an asset; a revoked one scans to "replaced"."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="tags")
    code = models.CharField(_("code"), max_length=12, unique=True)
    subject_kind = models.CharField(max_length=20)  # "place" | "asset"
    subject_id = models.BigIntegerField()
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"], condition=Q(revoked_at__isnull=True), name="tag_one_in_force"
            )
        ]


class Person(models.Model):
    """Somebody who lives here, owns here or works here. Phone and identity number are encrypted and shown masked."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="persons")  # whose register this is in
    name = models.CharField(_("name"), max_length=60)
    phone = EncryptedText(_("phone"), blank=True, default="")
    phone_digest = models.CharField(max_length=32, blank=True, db_index=True)
    phone_masked = models.CharField(max_length=20, blank=True)
    identity_number = EncryptedText(_("identity number"), blank=True, default="")
    identity_digest = models.CharField(max_length=32, blank=True, db_index=True)
    identity_masked = models.CharField(max_length=20, blank=True)
    email = EncryptedText(_("e-mail"), blank=True, default="")
    emergency_contact = EncryptedText(_("emergency contact"), blank=True, default="")
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    channel = models.CharField(_("preferred channel"), max_length=10, blank=True)
    restricted_at = models.DateTimeField(null=True, blank=True)  # PIPL 47: keep, do nothing else
    restriction = models.CharField(_("why it is only kept"), max_length=200, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")

    def __str__(self) -> str:
        return self.name


class Occupancy(models.Model):
    """A person owns, rents or lives in a room from a date to a date."""

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="occupancies")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="occupancies")
    role = models.CharField(_("relation to the room"), max_length=8, choices=OccupancyRole.choices)
    share = models.DecimalField(_("share"), max_digits=5, decimal_places=4, null=True, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["room", "person", "role"], condition=Q(ends_on__isnull=True), name="occupancy_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="occupancy_ends_after_start",
                violation_error_message=_("The occupancy cannot end before it starts."),
            ),
        ]


class CareFlag(models.Model):
    """Attention a person needs, why, and when to look again."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="care_flags")
    kind = models.CharField(_("kind"), max_length=16, choices=CareKind.choices)
    reason = models.CharField(_("reason"), max_length=200)
    review_on = models.DateField(_("review on"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)


class Vehicle(models.Model):
    """A car known at a project by its plate, whose it is and to which room it belongs."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="vehicles")
    plate = models.CharField(_("number plate"), max_length=12)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="vehicles")
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="vehicles")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "plate"], condition=Q(ends_on__isnull=True), name="vehicle_plate_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="vehicle_ends_after_start",
                violation_error_message=_("A vehicle cannot leave before it came."),
            ),
        ]

    def __str__(self) -> str:
        return self.plate


class Consent(models.Model):
    """What a person agreed to, which wording, when, and when it was withdrawn (PIPL 14-16)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=60)
    version = models.CharField(_("version of the notice"), max_length=20)
    given_at = models.DateTimeField(_("given"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)


class QualificationKind(models.Model):
    """One licence, its names and how long it is valid."""

    code = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(_("name"), max_length=60)
    synonyms = models.JSONField(default=list, blank=True)
    validity = models.CharField(_("validity"), max_length=120, blank=True)

    def __str__(self) -> str:
        return self.name_zh


class Post(models.Model):
    """A position to be staffed at given hours (岗位); 24-hour posts need about 4.4 heads each."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="posts")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="posts")
    name = models.CharField(_("name"), max_length=40)
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT)
    heads = models.PositiveSmallIntegerField(_("heads at a time"), default=1)
    hours_per_day = models.DecimalField(_("hours a day"), max_digits=4, decimal_places=1)
    days_per_week = models.PositiveSmallIntegerField(_("days a week"), default=7)
    qualification = models.ForeignKey(QualificationKind, null=True, blank=True, on_delete=models.PROTECT)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="post_name_once")]


class Staff(models.Model):
    """A person at work: employer, job, team, zones, supervisor, log-in."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="staff")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="employments")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="staff"
    )
    number = models.CharField(_("staff number"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex.choices, blank=True)
    born_on = models.DateField(_("born on"), null=True, blank=True)
    education = models.CharField(_("education"), max_length=20, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="staff")
    job = models.CharField(_("job title"), max_length=40)  # 岗位 as the contract names it: 保安员, 保洁员, 电工 …
    zones = models.ManyToManyField(Zone, blank=True, related_name="staff")
    supervisor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reports")
    employment = models.CharField(_("employment"), max_length=10, choices=Employment.choices, default=Employment.OWN)
    contractor = models.ForeignKey(Contractor, null=True, blank=True, on_delete=models.PROTECT, related_name="staff")
    # weekday "1" … "7" → ["08:00", "17:00"]: who is on duty until rosters exist
    weekly_hours = models.JSONField(_("weekly hours"), default=dict, blank=True)
    hired_on = models.DateField(_("hired on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="staff_number_once"),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(hired_on__isnull=True) | Q(left_on__gte=F("hired_on")),
                name="staff_left_after_hired",
                violation_error_message=_("Nobody can leave before being hired."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Qualification(models.Model):
    """A licence somebody holds; expiry warns at 60, 30 and 7 days and blocks work that demands it."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="qualifications")
    kind = models.ForeignKey(QualificationKind, on_delete=models.PROTECT, related_name="held")
    number = models.CharField(_("certificate number"), max_length=60, blank=True)
    issuer = models.CharField(_("issuer"), max_length=80, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)
    revoked_why = models.CharField(_("why it was revoked"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "kind", "number"], condition=Q(revoked_on__isnull=True), name="qualification_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="qualification_ends_after_start",
                violation_error_message=_("A licence cannot end before it starts."),
            ),
        ]
        indexes = [models.Index(fields=["valid_to"])]
