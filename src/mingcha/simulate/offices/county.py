"""The county bureau's own sheets: standards, tiers, public lists, complaints, problems, warnings, those watched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mingcha.simulate.model import setting as amounts
from mingcha.simulate.model.ledgers import Listing
from mingcha.simulate.offices.desk import COUNTY, Desk, columns, numbered
from mingcha.simulate.write.books import Book
from mingcha.simulate.write.table import NumberCell, Table, Value

Row = list[Value | NumberCell]


def standards(desk: Desk) -> Iterator[Book]:
    """The county's standards and each township's tiers."""
    start = desk.as_of.replace(year=desk.as_of.year - 1, month=1, day=1)
    doc = f"夏民文〔{start.year}〕虚字1号"
    cols = columns(
        ("序号", "int"),
        ("项目", "text"),
        ("城乡", "text"),
        ("保障标准（元/人·月）", "money"),
        ("平均补差水平（元/人·月）", "money"),
        ("执行时间", "date"),
        ("文件依据", "text"),
    )
    rows: list[Row] = [
        ["低保", "城市", amounts.STANDARD["城市"], amounts.SUPPLEMENT["城市"], start, doc],
        ["低保", "农村", amounts.STANDARD["农村"], amounts.SUPPLEMENT["农村"], start, doc],
        ["特困", "农村", amounts.TEKUN_LIVING, None, start, doc],
    ]
    first = Table("标准", f"{COUNTY}{start.year}年城乡低保和特困供养标准表", cols, numbered(rows), "", "单位：元")
    tiers = columns(
        ("序号", "int"),
        ("乡镇", "text"),
        ("城乡", "text"),
        ("档次", "text"),
        ("补差金额", "money"),
        ("认定条件", "text"),
        ("执行时间", "date"),
    )
    reasons = {"A": "家庭主要成员重残、重病或无劳动能力", "B": "家庭劳动力弱、支出较大", "C": "家庭有一定劳动能力"}
    rows = [
        [township, area, f"{tier}类", amount, reasons[tier], start]
        for township in desk.townships
        for area in ("农村", "城市")
        for tier, amount in desk.setting.tiers(township, area).items()
    ]
    second = Table("分档", f"{COUNTY}低保分档补差标准表", tiers, numbered(rows), "", "单位：元/人·月")
    yield desk.book("民政局/标准/救助标准和分档补差表.xlsx", [first, second], total="none", money="number")


def disclosures(desk: Desk) -> Iterator[Book]:
    """Public lists, a book a township and a sheet a channel: names, sizes, amounts, and what else stood there."""
    by_place: dict[str, dict[str, list[Listing]]] = {}
    for listing in desk.records.listings:
        by_place.setdefault(listing.village.township, {}).setdefault(listing.channel, []).append(listing)
    for township in desk.townships:
        channels = by_place.get(township, {})
        tables = [_public_list(desk, township, channel, channels[channel]) for channel in sorted(channels)]
        if tables:
            yield desk.book(
                f"民政局/公示/{township}社会救助长期公示表.xlsx", tables, subtotals=False, village_style="plain"
            )


def _public_list(desk: Desk, township: str, channel: str, listings: Sequence[Listing]) -> Table:
    more = sorted({header for listing in listings for line in listing.rows for header in line.more})
    cols = columns(
        ("序号", "int"),
        ("乡镇", "text"),
        ("村", "village"),
        ("申请人姓名", "name"),
        ("救助类别", "text"),
        ("家庭成员数量", "int"),
        ("保障人口", "int", True),
        ("保障金额（元）", "money", True),
        *((header, "text") for header in more),
        ("公示类型", "text"),
        ("公示方式", "text"),
        ("公示开始时间", "date"),
        ("公示结束时间", "date"),
        ("监督电话", "text"),
    )
    rows = numbered(
        [
            township,
            listing.village,
            line.name,
            listing.program,
            line.family_size,
            line.insured_size,
            line.amount,
            *(line.more.get(header) for header in more),
            listing.kind,
            listing.channel,
            listing.from_on,
            listing.to_on,
            None,
        ]
        for listing in sorted(listings, key=lambda each: (each.village.code, each.program))
        for line in listing.rows
    )
    title = f"{COUNTY}{township}{desk.stamp()}社会救助对象公示名单（{channel}）"
    return Table(f"{channel}公示", title, cols, rows, "", "单位：人、元")


def complaints(desk: Desk) -> Iterator[Book]:
    """Petitions and the hotline's slips, and the test calls."""
    cols = columns(
        ("序号", "int"),
        ("信访件编号", "text"),
        ("信访人姓名", "name"),
        ("身份证号", "id"),
        ("乡镇", "text"),
        ("信访形式", "text"),
        ("登记日期", "date"),
        ("内容分类", "text"),
        ("反映内容", "text"),
        ("是否重复信访", "text"),
        ("承办单位", "text"),
        ("书面告知日期", "date"),
        ("决定受理日期", "date"),
        ("是否延期", "text"),
        ("延期至", "date"),
        ("办结日期", "date"),
        ("办理结果", "text"),
        ("满意度", "text"),
    )
    rows: list[Row] = [
        [
            record.case_no,
            record.person.name,
            record.person.number if record.shows_number else None,
            record.person.village.township,
            record.channel,
            record.received_on,
            record.topic,
            record.content,
            record.is_repeat,
            f"{record.person.village.township}人民政府",
            record.noticed_on,
            record.accepted_on,
            record.extended,
            record.extended_to,
            record.closed_on,
            record.result or None,
            record.satisfaction or None,
        ]
        for record in desk.records.petitions
    ]
    table = Table("信访台账", f"{COUNTY}民政信访登记台账", cols, numbered(rows), desk.filled_in())
    yield desk.book("民政局/信访/信访登记台账.xlsx", [table], total="none", meta=True)
    yield _hotline(desk)
    yield _dial_tests(desk)


def _hotline(desk: Desk) -> Book:
    cols = columns(
        ("工单编号", "text"),
        ("诉求人姓名", "name"),
        ("诉求人电话", "text"),
        ("所属乡镇", "text"),
        ("诉求标题", "text"),
        ("诉求内容", "text"),
        ("诉求类型", "text"),
        ("受理时间", "text"),
        ("办理时限", "text"),
        ("承办单位", "text"),
        ("答复时间", "text"),
        ("回访满意度", "text"),
        ("是否与12345共享", "text"),
        ("工单状态", "text"),
    )
    rows: list[Row] = [
        [
            slip.case_no,
            slip.person.name,
            slip.phone,
            slip.person.village.township,
            slip.title,
            slip.content,
            slip.kind,
            slip.received_at,
            slip.due_at or None,
            slip.handler,
            slip.replied_at or None,
            slip.satisfaction or None,
            slip.shared or None,
            slip.status,
        ]
        for slip in desk.records.slips
    ]
    table = Table("工单", "12345热线救助类工单明细", cols, rows)
    return desk.book("民政局/信访/12345热线工单.csv", [table], container="gbk", total="none", trailing=0, helper=False)


def _dial_tests(desk: Desk) -> Book:
    cols = columns(
        ("序号", "int"),
        ("乡镇", "text"),
        ("所属单位", "text"),
        ("热线号码", "text"),
        ("拨打时间", "text"),
        ("是否接通", "text"),
        ("响铃次数", "int"),
        ("解答是否准确", "text"),
        ("抽查人", "name"),
        ("存在问题", "text"),
    )
    rows: list[Row] = [
        [
            call.township,
            call.unit,
            call.number,
            call.called_at,
            call.connected,
            call.ring_times,
            call.answered_right or None,
            call.tester,
            call.problem or None,
        ]
        for call in desk.records.dials
    ]
    table = Table("拨测记录", f"{COUNTY}社会救助热线抽查（拨测）记录表", cols, numbered(rows))
    return desk.book("民政局/信访/救助热线拨测记录.xlsx", [table], total="none")


def problems(desk: Desk) -> Iterator[Book]:
    """Problems found by audit with their mending, long text and words for dates; warnings from above."""
    cols = columns(
        ("序号", "int"),
        ("问题编号", "text"),
        ("问题来源", "text"),
        ("发现时间", "date"),
        ("问题类型", "text"),
        ("反馈问题", "text"),
        ("涉及人数", "int"),
        ("涉及金额（元）", "money"),
        ("整改类型", "text"),
        ("整改措施", "text"),
        ("责任单位", "text"),
        ("责任人", "name"),
        ("整改时限", "date"),
        ("整改进展情况", "text"),
        ("是否完成", "text"),
        ("证明材料", "text"),
        ("销号时间", "date"),
    )
    rows: list[Row] = [
        [
            record.problem_no or None,
            record.source,
            record.found_on,
            record.category,
            record.title,
            record.persons,
            record.amount,
            record.rect_type,
            record.measures,
            record.unit,
            record.owner or None,
            record.due,
            record.progress or None,
            record.status,
            record.evidence or None,
            record.closed_on,
        ]
        for record in desk.records.problems
    ]
    table = Table(
        "问题清单", f"{COUNTY}社会救助领域审计、巡察和自查发现问题整改台账", cols, numbered(rows), desk.filled_in()
    )
    yield desk.book("民政局/整改/问题清单和整改台账.xlsx", [table], total="none", dates="dot")
    yield _warnings(desk)


def _warnings(desk: Desk) -> Book:
    cols = columns(
        ("预警编号", "text"),
        ("乡镇", "text"),
        ("村", "village"),
        ("姓名", "name"),
        ("身份证号", "id"),
        ("救助类别", "text"),
        ("预警类型", "text"),
        ("预警内容", "text"),
        ("下发时间", "date"),
        ("反馈时限", "date"),
        ("反馈时间", "date"),
        ("核查结果", "text"),
    )
    rows: list[Row] = [
        [
            f"YJ{place:05d}",
            alert.person.village.township,
            alert.person.village,
            alert.person.name,
            alert.person.number,
            alert.program,
            alert.kind,
            alert.content,
            alert.sent_on,
            alert.due_on,
            alert.done_on,
            alert.result or None,
        ]
        for place, alert in enumerate(desk.records.alerts, start=1)
    ]
    table = Table("预警信息", "省级下发社会救助预警信息核查表", cols, rows)
    return desk.book("民政局/整改/省级下发预警信息.xlsx", [table], total="none", village_style="plain", subtotals=False)


def watched(desk: Desk) -> Iterator[Book]:
    """The national export of households watched, months as six figures."""
    cols = columns(
        ("乡镇", "text"),
        ("行政村", "village"),
        ("户编号", "text"),
        ("人编号", "text"),
        ("姓名", "name"),
        ("证件号码", "id"),
        ("与户主关系", "text"),
        ("户类型", "text"),
        ("监测对象类别", "text"),
        ("致贫/返贫风险1", "text"),
        ("致贫/返贫风险2", "text"),
        ("识别监测时间", "month"),
        ("风险是否已消除", "text"),
        ("消除监测时间", "month"),
        ("享受低保政策情况", "text"),
        ("享受特困供养政策情况", "text"),
    )
    rows: list[Row] = []
    for record in sorted(desk.records.monitored, key=lambda m: m.village.code):
        for place, (person, relation) in enumerate(record.members, start=1):
            rows.append(
                [
                    record.village.township,
                    record.village,
                    record.number,
                    f"{record.number}{place:02d}",
                    person.name,
                    person.number,
                    relation,
                    "监测户",
                    record.kind,
                    record.risk,
                    None,
                    record.identified,
                    "是" if record.removed else "否",
                    record.removed_on or None,
                    record.dibao_word,
                    record.tekun_word,
                ]
            )
    table = Table("监测对象", "防止返贫监测对象信息（全国防返贫监测信息系统导出）", cols, rows)
    yield desk.book(
        "乡村振兴局/防止返贫监测对象.xlsx",
        [table],
        months="compact",
        total="none",
        village_style="plain",
        subtotals=False,
    )
