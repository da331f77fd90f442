# ruff: noqa: E501
"""The columns of the register's workbooks: code, label, what workbooks call them, how a cell is read.

One column a line, however long: read as a table.
"""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from wuyou.domains.registry.choices import Employment, RoomState, RoomUse, Sex
from wuyou.kernel.imports import Column, cells

from .parsing import days, floor, identities, identity, name, names, phone, phones, present, room_code

Choices = dict[str, Sequence[str]]

USES: Choices = {
    RoomUse.DWELLING: (
        "住宅",
        "居住",
        "公寓",
        "住房",
        "普通住宅",
        "高层住宅",
        "多层住宅",
        "别墅",
        "洋房",
        "dwelling",
        "residential",
        "flat",
        "apartment",
    ),
    RoomUse.SHOP: ("商铺", "商业", "门市", "底商", "门面", "网点", "商服", "商业用房", "店铺", "shop", "retail"),
    RoomUse.OFFICE: ("办公", "写字楼", "办公室", "office"),
    RoomUse.OTHER: (
        "其他",
        "车库",
        "储藏室",
        "储藏间",
        "储物间",
        "地下室",
        "仓库",
        "车位",
        "物业用房",
        "配套用房",
        "other",
        "storage",
        "garage",
    ),
}
STATES: Choices = {
    RoomState.OCCUPIED: ("已入住", "入住", "在住", "已装修", "occupied", "moved in"),
    RoomState.VACANT: ("空置", "空关", "未入住", "空房", "已交付", "已交房", "vacant", "empty"),
    RoomState.UNDELIVERED: ("未交付", "未交房", "未收房", "未售", "undelivered", "not handed over"),
}
OCCUPATION: Choices = {
    "own": ("自住", "自用", "自营", "业主自住", "own", "owner occupied", "self"),
    "let": ("出租", "租住", "已出租", "租用", "let", "rented", "tenant"),
    "empty": ("空置", "闲置", "无人", "无", "empty", "vacant"),
}
EMPLOYMENTS: Choices = {
    Employment.OWN: ("自有", "本公司", "正式", "合同工", "own"),
    Employment.OUTSOURCED: ("外包", "劳务派遣", "派遣", "外委", "outsourced", "agency"),
}
SEXES: Choices = {Sex.MALE: ("男", "male", "m"), Sex.FEMALE: ("女", "female", "f")}

# fmt: off
BUILDINGS = (
    Column("phase", _("Area or phase"), ("区域", "分区", "期区", "组团", "片区", "phase", "area name", "district", "block area"), cells.text(longest=20), example="A区"),
    Column("building", _("Building"), ("楼栋", "楼号", "栋号", "楼栋号", "楼栋名称", "幢号", "楼座", "栋", "幢", "楼名", "building", "building no", "building number", "block"), cells.text(longest=20), required=True, example="1号楼"),
    Column("floors", _("Floors"), ("层数", "楼层数", "总层数", "总楼层", "地上层数", "地上楼层", "floors", "storeys"), cells.integer(least=1, most=200, units=("层",)), required=True, example=6),
    Column("height_m", _("Height (m)"), ("高度(米)", "建筑高度", "楼高", "高度", "height"), cells.decimal(places=1, above=0, most=1000, units=("米", "m")), example="17.7"),
    Column("units", _("Number of units"), ("单元数", "单元个数", "units"), cells.integer(least=0, most=100, units=("个", "单元")), example=4),
    Column("structure", _("Structure"), ("结构", "结构类型", "建筑结构", "structure"), cells.text(longest=20), example="砖混"),
    Column("completed_on", _("Completed on"), ("竣工日期", "竣工时间", "建成日期", "建成时间", "竣工年月", "completed", "completion date"), cells.day(), example="2013-10-31"),
    Column("has_lift", _("Has lifts"), ("有电梯", "是否有电梯", "电梯", "电梯数", "电梯数量", "电梯台数", "has lift", "lift", "lifts"), present(), example="是"),
    Column("lift_accepted_on", _("Lifts accepted (month)"), ("电梯监检合格月份", "电梯监督检验合格月份", "电梯验收月份", "lift accepted"), cells.month(), help=_("Month of the supervision inspection: statutory inspections count from it."), example="2015-06"),
    Column("has_fire_system", _("Automatic fire system"), ("自动消防设施", "有自动消防设施", "消防自动设施", "fire system"), cells.yes_no(), example="无"),
    Column("has_second_supply", _("Secondary water supply"), ("二次供水", "是否二次供水", "second supply", "secondary supply"), cells.yes_no(), example="是"),
    Column("x", _("x (m)"), ("X(米)", "X坐标", "x"), cells.decimal(places=9)),
    Column("y", _("y (m)"), ("Y(米)", "Y坐标", "y"), cells.decimal(places=9)),
)

ROOMS = (
    Column("phase", _("Area or phase"), ("区域", "分区", "期区", "组团", "phase", "area name", "district", "block area"), cells.text(longest=20), example="A区"),
    Column("building", _("Building"), ("楼栋", "楼号", "栋号", "楼栋号", "幢号", "楼座", "栋", "幢", "楼", "building", "building no", "building number", "block", "tower"), cells.text(longest=20), help=_("May be empty where the room's code names it (1-1-101)."), example="1号楼"),
    Column("unit", _("Unit of a building"), ("单元", "单元号", "unit", "unit no", "unit number", "entrance"), cells.text(longest=12), help=_("Empty for shops that open to the street."), example="1单元"),
    Column("floor", _("Floor"), ("楼层", "所在层", "所在楼层", "楼层号", "层次", "层", "floor", "floor no", "level"), floor(), help=_("Below ground is -1 (地下一层, B1)."), example=1),
    Column("room", _("Room"), ("房号", "房间号", "房屋编号", "室号", "门牌号", "门牌", "房屋号", "房间", "户号", "房屋编码", "room", "room code", "room no", "room number", "房屋地址", "房屋坐落", "房产地址", "address"), room_code(), required=True, help=_("The full code (1-1-101) or the number within its unit (101)."), example="1-1-101"),
    Column("use", _("Use"), ("类型", "房屋类型", "用途", "房屋用途", "性质", "use", "type"), cells.choice(USES), example="住宅"),
    Column("area_m2", _("Area (m²)"), ("建筑面积(㎡)", "建筑面积", "面积", "计费面积", "收费面积", "产权面积", "户型面积", "房屋面积", "住房面积", "建面", "area (m2)", "floor area", "size"), cells.decimal(places=2, above=0, most=100000, units=("㎡", "m²", "m2", "平方米", "平米", "平", "sqm", "sq.m", "sq m")), example="72.08"),
    Column("state", _("State"), ("状态", "入住状态", "房屋状态", "state", "status"), cells.choice(STATES), example="已入住"),
    Column("handed_over_on", _("Handed over on"), ("交房日期", "交付日期", "交房时间", "收房日期", "交楼日期", "收楼日期", "接房日期", "交付时间", "交楼时间", "handed over", "handover date"), cells.day(), example="2018-08-31"),
    Column("owner_name", _("Owner"), ("业主姓名", "业主", "产权人", "房主", "户主", "户名", "业主名称", "业主名", "产权人姓名", "房主姓名", "户主姓名", "权利人", "客户姓名", "客户名称", "住户姓名", "姓名", "owner", "owner name"), names(), help=_("Several owners are separated by 、"), example="戴云明"),
    Column("owner_phone", _("Owner's phone"), ("业主电话", "业主手机", "联系电话", "业主联系电话", "业主联系方式", "业主手机号", "手机号", "手机号码", "手机", "电话", "电话号码", "联系方式", "联系手机", "owner phone", "owner mobile", "phone", "phone number", "mobile", "contact number"), phones(), example="13800000001"),
    Column("owner_identity", _("Owner's identity number"), ("业主身份证号", "业主证件号", "业主身份证", "身份证号", "身份证号码", "身份证", "证件号码", "证件号", "owner id number", "id number"), identities()),
    Column("occupation", _("Lived in by"), ("使用情况", "居住情况", "使用状态", "居住状态", "occupation", "occupancy", "usage"), cells.choice(OCCUPATION), example="自住"),
    Column("tenant_name", _("Tenant"), ("租户姓名", "租户", "承租人", "租客", "租客姓名", "承租人姓名", "租户名称", "tenant", "tenant name"), names()),
    Column("tenant_phone", _("Tenant's phone"), ("租户电话", "租户手机", "承租人电话", "租客电话", "租户联系电话", "租户联系方式", "租户手机号", "租客联系方式", "承租人联系方式", "tenant phone", "tenant mobile"), phones()),
    Column("residents", _("Number of residents"), ("常住人数", "居住人数", "人口数", "入住人数", "residents", "persons"), cells.integer(least=0, most=99, units=("人",)), example=2),
)

PLACES = (
    Column("category", _("Kind"), ("类别", "类型", "位置类型", "场所类别", "kind", "category"), cells.text(longest=30), required=True, help=_("Standards find their places by the kind."), example="楼道楼梯"),
    Column("name", _("Name"), ("名称", "位置名称", "场所名称", "区域名称", "部位名称", "部位", "name", "place"), cells.text(longest=80), required=True, example="1号楼1单元楼道"),
    Column("zone", _("Zone"), ("片区", "责任区", "责任片区", "保洁区域", "zone"), cells.text(longest=40), example="A区"),
    Column("phase", _("Area or phase"), ("区域", "期区", "组团", "所属区域", "phase", "area name", "district", "block area"), cells.text(longest=20)),
    Column("parent", _("Stands in"), ("所属位置", "上级位置", "所属楼栋", "楼栋", "parent", "located in"), cells.text(longest=60), help=_("Building, unit or place above; empty when the name says it (1号楼1单元楼道).")),
    Column("area_m2", _("Area (m²)"), ("面积(㎡)", "面积", "占地面积", "area (m2)", "size"), cells.decimal(places=2, above=0, most=10_000_000, units=("㎡", "m²", "m2", "平方米", "平米", "平", "sqm", "sq.m", "sq m")), example="87"),
    Column("quantity", _("Quantity"), ("数量", "个数", "quantity", "count"), cells.integer(least=1, most=100_000, units=("个", "处", "块", "层")), example=1),
    Column("material", _("Material"), ("材质", "地面材质", "material"), cells.text(longest=20), help=_("Stone, wood, tile or carpet are cleaned differently."), example="地砖"),
    Column("note", _("Note"), ("备注", "说明", "note", "remarks"), cells.text(longest=200)),
    Column("code", _("Code"), ("编号", "编码", "位置编号", "code"), cells.text(longest=60)),
    Column("x", _("x (m)"), ("X(米)", "X坐标", "x"), cells.decimal(places=9)),
    Column("y", _("y (m)"), ("Y(米)", "Y坐标", "y"), cells.decimal(places=9)),
    Column("latitude", _("Latitude"), ("纬度", "latitude", "lat"), cells.decimal(places=9, least=-90, most=90)),
    Column("longitude", _("Longitude"), ("经度", "longitude", "lon", "lng"), cells.decimal(places=9, least=-180, most=180)),
)

STAFF = (
    Column("staff_number", _("Staff number"), ("工号", "员工编号", "员工工号", "人员编号", "职工号", "编号", "staff number", "staff no", "employee id"), cells.text(longest=20), required=True, unique=True, example="JT001"),
    Column("name", _("Name"), ("姓名", "员工姓名", "人员姓名", "职工姓名", "name", "full name"), name(), required=True, example="宋平思"),
    Column("sex", _("Sex"), ("性别", "sex", "gender"), cells.choice(SEXES), example="男"),
    Column("born_on", _("Born on"), ("出生日期", "生日", "出生年月日", "born", "date of birth", "birthday"), cells.day(), example="1985-04-21"),
    Column("team", _("Team"), ("部门", "所属部门", "所在部门", "班组", "team", "department"), cells.text(longest=40), required=True, example="秩序"),
    Column("job", _("Job title"), ("岗位", "岗位名称", "工作岗位", "职务", "职位", "工种", "job", "position", "post"), cells.text(longest=40), required=True, example="保安员"),
    Column("zones", _("Zones"), ("片区", "责任区", "责任片区", "负责区域", "zones", "zone"), names(longest=40), help=_("Several zones are separated by 、"), example="A区"),
    Column("education", _("Education"), ("学历", "文化程度", "education"), cells.text(longest=20), example="高中"),
    Column("phone", _("Phone"), ("电话", "手机", "手机号", "手机号码", "电话号码", "联系电话", "联系方式", "phone", "phone number", "mobile"), phone(), example="13800000001"),
    Column("identity", _("Identity number"), ("身份证号", "身份证号码", "身份证", "证件号", "证件号码", "identity number", "id number"), identity()),
    Column("hired_on", _("Hired on"), ("入职日期", "入职时间", "到岗日期", "hired", "hire date", "start date"), cells.day(), example="2025-08-01"),
    Column("left_on", _("Left on"), ("离职日期", "离职时间", "left", "leave date"), cells.day()),
    Column("licences", _("Licences"), ("持证", "证书", "持证情况", "资格证书", "证书名称", "licences", "licenses", "certificates", "qualifications"), names(), help=_("Several licences are separated by ；"), example="保安员证；健康证"),
    Column("licence_until", _("Licences valid to"), ("证书有效期", "有效期", "有效期至", "证书到期日", "valid to", "licence valid to", "expiry"), days(), help=_("One date for all licences, or one for each."), example="2027-01-15"),
    Column("employment", _("Employment"), ("用工性质", "用工类型", "用工形式", "employment", "employment type"), cells.choice(EMPLOYMENTS), example="自有"),
    Column("contractor", _("Contractor"), ("合作单位", "外包单位", "派遣单位", "劳务公司", "contractor"), cells.text(longest=120)),
    Column("supervisor", _("Supervisor's staff number"), ("上级工号", "直属上级", "主管工号", "supervisor"), cells.text(longest=20)),
)
