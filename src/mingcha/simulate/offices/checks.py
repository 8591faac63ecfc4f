"""What other departments answer: pensions, work, houses, vehicles, firms, medical costs, other checks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

from mingcha.simulate.model.days import later
from mingcha.simulate.model.holdings import Check
from mingcha.simulate.model.people import Person
from mingcha.simulate.offices.desk import COUNTY, Desk, columns, numbered
from mingcha.simulate.offices.untidy import spoil
from mingcha.simulate.write.books import Book
from mingcha.simulate.write.table import NumberCell, Table, Value

Row = list[Value | NumberCell]


def _some(desk: Desk, label: str, share: float, low: int, high: int) -> list[Person]:
    rng = desk.rng(label)
    return [p for p in desk.records.bystanders if low <= p.age(desk.as_of) < high and rng.random() < share]


def pensions(desk: Desk) -> Iterator[Book]:
    """Residents' pensions as comma-separated text, work-injury money as a book of its own."""
    rng = desk.rng("pension amounts")
    cols = columns(
        ("姓名", "name"),
        ("身份证号", "id"),
        ("险种类型", "text"),
        ("参保状态", "text"),
        ("待遇月份", "month"),
        ("养老金金额（元）", "money"),
        ("其中基础养老金（元）", "money"),
        ("个人编号", "text"),
    )
    rows: list[Row] = []
    for person in _some(desk, "pensions", 0.8, 60, 120):
        base = Decimal("123.00")
        extra = Decimal(int(rng.random() * 60))
        kind = "城乡居民基本养老保险"
        rows.append(
            [person.name, person.number, kind, "待遇领取", desk.month(1), base + extra, base, f"P{person.house.number}"]
        )
    rows.extend(
        [p.person.name, p.person.number, p.kind, p.state, desk.month(1), p.amount, p.base, f"P{p.person.house.number}"]
        for p in desk.records.pensions
    )
    table = Table("养老待遇", "", cols, spoil(desk, "pensions", rows, 1, 0))
    yield desk.book(
        f"人社局/城乡居保待遇发放_{desk.month(1)}.csv",
        [table],
        container="csv",
        title=False,
        total="none",
        footer=False,
        trailing=0,
        helper=False,
    )
    injured: list[Row] = [
        [i.person.name, i.person.number, "工伤保险", i.state, i.kind, desk.month(1), i.amount]
        for i in desk.records.injured
    ]
    cols = columns(
        ("序号", "int"),
        ("姓名", "name"),
        ("身份证号", "id"),
        ("险种", "text"),
        ("参保状态", "text"),
        ("人员类别", "text"),
        ("待遇月份", "month"),
        ("待遇金额（元）", "money"),
    )
    table = Table("工伤", f"{COUNTY}工伤保险生活护理费待遇发放表", cols, numbered(injured), f"填报单位：{COUNTY}人社局")
    yield desk.book("人社局/工伤保险生活护理费发放表.xlsx", [table], total="none")


def employment(desk: Desk) -> Iterator[Book]:
    """Registrations of work, with times in milliseconds as the system keeps them."""
    rng = desk.rng("employment days")
    cols = columns(
        ("姓名", "name"),
        ("身份证号", "id"),
        ("单位名称", "text"),
        ("就业形式", "text"),
        ("就业登记日期", "text"),
        ("就业时间", "text"),
        ("人员类别", "text"),
    )
    rows: list[Row] = []
    for person in _some(desk, "employment", 0.06, 18, 60):
        day = later(desk.as_of, -int(rng.random() * 900) - 30)
        stamp = str(int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000))
        rows.append(
            [
                person.name,
                person.number,
                rng.choice(("夏邑县恒丰纺织厂", "夏邑县盛源食品厂")),
                "单位就业",
                stamp,
                stamp,
                "就业人员",
            ]
        )
    rows.extend(
        [j.person.name, j.person.number, j.unit, "单位就业", f"{j.since}", f"{j.since}", j.kind]
        for j in desk.records.jobs
    )
    table = Table("就业登记", f"{COUNTY}就业登记信息查询结果", cols, spoil(desk, "employment", rows, 1, 0))
    yield desk.book("人社局/就业登记信息.xlsx", [table], total="none")


def real_estate(desk: Desk) -> Iterator[Book]:
    """Houses by owner; those owned together stand once per owner."""
    rng = desk.rng("houses")
    cols = columns(
        ("序号", "int"),
        ("权利人", "name"),
        ("权利人证件号", "id"),
        ("坐落", "text"),
        ("不动产权证号", "text"),
        ("建筑面积（㎡）", "text"),
        ("规划用途", "text"),
        ("房屋性质", "text"),
        ("共有方式", "text"),
        ("登记时间", "date"),
    )
    rows: list[Row] = []
    for place, person in enumerate(_some(desk, "estate", 0.05, 25, 75), start=1):
        owners = [person, *([person.spouse] if person.spouse else [])]
        area = f"{70 + int(rng.random() * 80)}.{int(rng.random() * 10)}㎡"
        day = later(desk.as_of, -int(rng.random() * 3000) - 60)
        rows.extend(
            [
                owner.name,
                owner.number,
                f"{COUNTY}城关镇康复路{place}号院{1 + place % 9}号楼",
                f"豫（{day.year}）夏邑县不动产权第{place:07d}号",
                area,
                "住宅",
                "商品房",
                "共同共有" if len(owners) > 1 else "单独所有",
                day,
            ]
            for owner in owners
        )
    rows.extend(
        [
            e.person.name,
            e.person.number,
            e.place,
            f"豫（{e.since.year}）夏邑县不动产权第{place:07d}号",
            "96.5㎡",
            e.use,
            "商品房",
            e.share,
            e.since,
        ]
        for place, e in enumerate(desk.records.estates, start=900_001)
    )
    table = Table(
        "不动产",
        f"{COUNTY}不动产登记信息查询结果",
        cols,
        numbered(spoil(desk, "estate", rows, 1, 0, day=8)),
        f"填报单位：{COUNTY}不动产登记中心",
    )
    yield desk.book("住建局/不动产登记信息.ods", [table], container="ods", total="none")


def vehicles(desk: Desk) -> Iterator[Book]:
    """Registered vehicles; plates of a series that is not given out."""
    rng = desk.rng("vehicles")
    cols = columns(
        ("序号", "int"),
        ("机动车所有人", "name"),
        ("身份证明号码", "id"),
        ("号牌号码", "text"),
        ("号牌种类", "text"),
        ("车辆类型", "text"),
        ("中文品牌", "text"),
        ("使用性质", "text"),
        ("初次登记日期", "date"),
        ("机动车状态", "text"),
    )
    rows: list[Row] = []
    for place, person in enumerate(_some(desk, "vehicle owners", 0.06, 22, 70), start=1):
        moto = rng.random() < 0.4
        rows.append(
            [
                person.name,
                person.number,
                f"豫NO{place:04d}虚",
                "普通摩托车" if moto else "小型汽车",
                "普通二轮摩托车" if moto else "小型轿车",
                "样例",
                "非营运",
                later(desk.as_of, -int(rng.random() * 3000) - 30),
                "正常",
            ]
        )
    rows.extend(
        [c.person.name, c.person.number, c.plate, c.plate_kind, c.kind, "样例", c.use, c.since, c.state]
        for c in desk.records.cars
    )
    table = Table(
        "机动车", f"{COUNTY}机动车登记信息查询结果", cols, numbered(spoil(desk, "vehicles", rows, 1, 0, day=7))
    )
    yield desk.book("交警大队/机动车登记信息.xls", [table], container="xls", total="none")


def market(desk: Desk) -> Iterator[Book]:
    """Firms and traders; the role is the sheet."""
    rng = desk.rng("market")
    people = _some(desk, "market people", 0.03, 22, 70)
    half = len(people) // 2
    traders: list[Row] = []
    owners: list[Row] = []
    for place, person in enumerate(people, start=1):
        day = later(desk.as_of, -int(rng.random() * 3000) - 30)
        if place > half:
            name = f"{COUNTY}{person.village.short}{person.name[-1]}记小卖部"
            traders.append(
                [person.name, person.number, name, f"411426L{place:07d}", "个体工商户", "3万元人民币", day, "存续"]
            )
        else:
            name = f"{COUNTY}{person.village.short}种植专业合作社"
            owners.append(
                [person.name, person.number, name, f"411426N{place:07d}", "农民专业合作社", "50万元", day, "存续"]
            )
    for firm in desk.records.firms:
        row: Row = [
            firm.person.name,
            firm.person.number,
            firm.name,
            firm.number,
            firm.kind,
            "3万元",
            firm.since,
            firm.state,
        ]
        (owners if firm.is_owner else traders).append(row)
    cols = columns(
        ("序号", "int"),
        ("姓名", "name"),
        ("身份证号", "id"),
        ("企业名称", "text"),
        ("注册号", "text"),
        ("企业类型", "text"),
        ("注册资本", "text"),
        ("成立日期", "date"),
        ("登记状态", "text"),
    )
    tables = [
        Table(
            "个体经营者",
            f"{COUNTY}经营主体登记信息（个体经营者）",
            cols,
            numbered(spoil(desk, "traders", traders, 1, 0, day=6)),
        ),
        Table(
            "企业投资人",
            f"{COUNTY}经营主体登记信息（企业投资人）",
            cols,
            numbered(spoil(desk, "owners", owners, 1, 0, day=6)),
        ),
    ]
    tables = [table for table in tables if table.rows]
    if tables:
        yield desk.book("市场监管局/经营主体登记信息.xlsx", tables, total="none")


def illness(desk: Desk) -> Iterator[Book]:
    """Hospital stays settled by the medical insurance."""
    word = desk.words("illness")
    cols = columns(
        ("序号", "int"),
        ("姓名", "name"),
        (word("id"), "id"),
        ("患病病种", "text"),
        ("医院名称", "text"),
        ("结算日期", "date"),
        ("医疗总费用（元）", "money", True),
        ("统筹支出（元）", "money", True),
        ("大病保险（元）", "money", True),
        ("医疗救助（元）", "money", True),
        ("个人自付（元）", "money", True),
    )
    stays = sorted(desk.records.stays, key=lambda stay: (stay.settled_on, stay.person.number))
    rows = numbered(
        [
            s.person.name,
            s.person.number,
            s.disease,
            s.hospital,
            s.settled_on,
            s.total,
            s.pooled,
            s.serious,
            s.aided,
            s.own,
        ]
        for s in stays
    )
    table = Table(
        "高额医疗费用", f"{COUNTY}重病患者高额医疗费用名单", cols, rows, f"填报单位：{COUNTY}医疗保障局", "单位：元"
    )
    yield desk.book("医保局/高额医疗费用名单.xlsx", [table])


def other_checks(desk: Desk) -> Iterator[Book]:
    """Housing fund and deposits, from the check centre."""
    cols = columns(
        ("序号", "int"),
        ("家庭成员姓名", "name"),
        ("身份证号", "id"),
        ("核对时间", "date"),
        ("申请救助类型", "text"),
        ("个人存款是否超限", "text"),
        ("月缴额（元）", "money"),
        ("单位名称", "text"),
        ("汇缴状态", "text"),
        ("反馈时间", "date"),
    )
    rows: list[Row] = []
    for person in _some(desk, "other checks", 0.01, 20, 80)[:200]:
        day = later(desk.as_of, -40)
        rows.append([person.name, person.number, day, "低保", "否", None, None, None, later(day, 5)])
    rows.extend(
        [c.person.name, c.person.number, c.on, "低保", c.over, None, None, None, later(c.on, 1)]
        for c in desk.records.checks
        if c.over
    )
    table = Table(
        "核对结果",
        f"{COUNTY}居民家庭经济状况核对结果（公积金、存款）",
        cols,
        numbered(spoil(desk, "other checks", rows, 1, 0)),
    )
    yield desk.book("核对中心/核对结果反馈.xlsx", [table], total="none")


def money_checks(desk: Desk) -> Iterator[Book]:
    """Securities, wages the tax office knows of, and who serves a sentence: a book of each office."""
    person = (("序号", "int"), ("家庭成员姓名", "name"), ("身份证号", "id"), ("核对时间", "date"))
    checks = desk.records.checks
    stocks = [c for c in checks if c.stocks is not None]
    if stocks:
        cols = columns(*person, ("股票总市值", "money"), ("持有基金总市值", "money"), ("反馈时间", "date"))
        rows = numbered([*_checked(c), c.stocks, None, later(c.on, 1)] for c in stocks)
        table = Table("证券", f"{COUNTY}居民家庭经济状况核对结果（证券）", cols, rows)
        yield desk.book("核对中心/证券核对结果.xlsx", [table], total="none")
    taxed = [c for c in checks if c.months is not None]
    if taxed:
        cols = columns(
            *person,
            ("收入额", "money"),
            ("税款所属期起", "month"),
            ("税款所属期止", "month"),
            ("单位纳税人名称", "text"),
            ("所得项目名称", "text"),
        )
        rows = numbered(
            [*_checked(c), c.taxed, c.months[0], c.months[1], "夏邑县盛源食品厂", "工资薪金所得"]
            for c in taxed
            if c.months is not None
        )
        table = Table("个税", f"{COUNTY}居民家庭经济状况核对结果（个人所得税）", cols, rows)
        yield desk.book("税务局/个人所得税核对结果.xlsx", [table], total="none")
    held = [c for c in checks if c.key_kind]
    if held:
        cols = columns(*person, ("是否重点人员", "text"), ("类型", "text"), ("反馈时间", "date"))
        rows = numbered([*_checked(c), c.is_key or None, c.key_kind, later(c.on, 1)] for c in held)
        table = Table("司法", f"{COUNTY}居民家庭经济状况核对结果（服刑强戒等重点人员）", cols, rows)
        yield desk.book("司法局/重点人员核对结果.xlsx", [table], total="none")


def _checked(check: Check) -> Row:
    return [check.person.name, check.person.number, check.on]
