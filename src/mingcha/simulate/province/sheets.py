"""The offices' sheets of one county, as wide tables of words and clear numbers, from what happened to its residents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from mingcha.simulate.model import setting as amounts
from mingcha.simulate.model.days import month_of, month_shift
from mingcha.simulate.province.made import Lake
from mingcha.simulate.province.places import NEIGHBOURS, County

#: supplement a person by area and tier: the lowest tier lies above the mean the city asks for
TIERS = {("城市低保", "A"): 560, ("城市低保", "B"): 450, ("城市低保", "C"): 350} | {
    ("农村低保", "A"): 420,
    ("农村低保", "B"): 320,
    ("农村低保", "C"): 250,
}
_BANK = "虚构农商银行"
MONTHS = 12
PAY_DAY = 8


@dataclass(frozen=True)
class Frame:
    """What the sheets of a county depend on."""

    county: County
    as_of: date

    @property
    def roll_month(self) -> str:
        """The month the rolls speak of: the last that is over."""
        return month_shift(month_of(self.as_of), -1)

    @property
    def by_person(self) -> bool:
        """Whether the county pays dibao to each insured person; else to the head for the household."""
        return self.county.index % 12 == 1


def _who(alias: str, name: str = "name", number: str = "id_no") -> str:
    """Name and number of a resident, with what stands beside the number."""
    return (
        f"{alias}.name AS {name}, {alias}.id_no AS {number}, {alias}.key AS {number}__key, "
        f"{alias}.birth AS {number}__birth, {alias}.sex AS {number}__sex"
    )


def _place(alias: str) -> str:
    return f"{alias}.township, {alias}.village"


def make_accounts(con: duckdb.DuckDBPyConnection, lake: Lake, county: County) -> None:
    """Table ``account`` (no, account_no, account_no__key) of all payees. No bank in China numbers cards from 99."""
    base = county.index * 10**8
    sql = f"""
        CREATE OR REPLACE TEMP TABLE account AS
        WITH payee AS (
            SELECT unit AS no FROM db_unit UNION SELECT no FROM tk UNION SELECT no FROM et UNION SELECT no FROM cj
        ),
        numbered AS (
            SELECT no, '9900' || lpad(CAST(({base} + no)::HUGEINT * 618033988749891 % 1000000000000000 AS VARCHAR),
                15, '0')
                AS account_no
            FROM payee
        )
        SELECT no, account_no, {lake.account_key("account_no")} AS account_no__key FROM numbered ORDER BY no
    """
    con.execute(sql, dict(lake.parameters()) or None)


def sheets_of(frame: Frame) -> Mapping[str, str]:
    """Dataset → SELECT of its sheet, in the order of rows. Heads stand as ``resident`` rows too."""
    tier = " ".join(
        f"WHEN u.area = '{area}' AND u.tier = '{tier}' THEN {amount}" for (area, tier), amount in TIERS.items()
    )
    day = f"DATE '{frame.as_of}'"
    unit = f"""
        WITH size AS (
            SELECT unit, count(*) AS family_size, count(*) FILTER (insured) AS insured_size FROM db_member GROUP BY unit
        )
        SELECT {_place("p")}, {_who("p", "head_name", "head_id")}, u.area AS program, s.family_size, s.insured_size,
            u.tier,
            CAST(s.insured_size * CASE {tier} END AS DECIMAL(14, 2)) AS monthly_amount,
            CAST(s.insured_size * CASE {tier} END AS DECIMAL(14, 2)) AS total_amount,
            u.start_on AS start_date, u.status, '{_BANK}' AS bank_name, p.name AS account_name, a.account_no,
                a.account_no__key,
            u.unit AS no
        FROM db_unit AS u INNER JOIN resident AS p ON u.unit = p.no INNER JOIN size AS s ON u.unit = s.unit
        INNER JOIN account AS a ON u.unit = a.no ORDER BY u.unit
    """
    return {
        "dibao_household": unit,
        "dibao_member": f"""
            SELECT {_place("h")}, {_who("h", "head_name", "head_id")}, {_who("p")}, CASE WHEN m.no = m.unit THEN '户主'
                WHEN p.house <> h.house THEN '孙女' ELSE p.relation END AS relation,
                CASE p.sex WHEN '1' THEN '男' ELSE '女' END AS sex, p.birth AS birth_date, u.area AS assist_type,
                    m.insured,
                u.start_on AS start_date, u.status, CASE WHEN p.relation IN ('长子', '长女', '孙子', '孙女') AND
                    p.birth <
                    {day} - 2555 THEN '镇中心学校' END AS school,
                m.unit, m.no
            FROM db_member AS m INNER JOIN db_unit AS u ON m.unit = u.unit
            INNER JOIN resident AS h ON m.unit = h.no INNER JOIN resident AS p ON m.no = p.no ORDER BY m.unit, m.no
        """,
        "tekun_person": f"""
            SELECT {_place("p")}, {_who("p", "head_name", "head_id")}, {_who("p")}, CASE p.sex WHEN '1' THEN '男'
                ELSE '女' END AS sex, t.mode AS
                support_mode,
                CASE WHEN t.mode = '集中供养' THEN p.township || '敬老院' END AS institution, t.care AS self_care,
                t.living AS living_std, t.nursing AS care_cost, t.living + t.nursing AS total_amount, t.start_on AS
                    start_date,
                CASE WHEN p.is_urban THEN '城市特困' ELSE '农村特困' END AS program, '在保' AS status,
                '{_BANK}' AS bank_name, p.name AS account_name, a.account_no, a.account_no__key, t.no
            FROM tk AS t INNER JOIN resident AS p ON t.no = p.no INNER JOIN account AS a ON t.no = a.no ORDER BY t.no
        """,
        "child": f"""
            SELECT {_place("p")}, {_who("p")}, CASE p.sex WHEN '1' THEN '男' ELSE '女' END AS sex, e.category,
                {_who("g", "guardian_name", "guardian_id")}, '祖孙' AS guardian_relation, e.school, e.amount, e.top_up,
                '在保' AS status, '{_BANK}' AS bank_name, g.name AS account_name, a.account_no, a.account_no__key, e.no
            FROM et AS e INNER JOIN resident AS p ON e.no = p.no INNER JOIN resident AS g ON e.guardian = g.no
            INNER JOIN account AS a ON e.no = a.no ORDER BY e.no
        """,
        "disability_subsidy": f"""
            SELECT {_place("p")}, {_who("p")}, CASE p.sex WHEN '1' THEN '男' ELSE '女' END AS sex,
                p.id_no || c.kind || c.level AS disability_cert, p.key AS disability_cert__key,
                CASE c.level WHEN 1 THEN '一级' WHEN 2 THEN '二级' WHEN 3 THEN '三级' ELSE '四级' END AS
                    disability_level,
                CASE WHEN j.living IS NOT NULL AND j.care IS NOT NULL THEN '两项'
                    WHEN j.living IS NOT NULL THEN '困难残疾人生活补贴' ELSE '重度残疾人护理补贴' END AS subsidy_type,
                j.living AS living_amount, j.care AS care_amount, coalesce(j.living, 0) + coalesce(j.care, 0) AS amount,
                j.since AS start_month, '{frame.roll_month}' AS period, '正常' AS status, '{_BANK}' AS bank_name,
                    p.name AS account_name, a.account_no,
                a.account_no__key, j.no
            FROM cj AS j INNER JOIN resident AS p ON j.no = p.no INNER JOIN account AS a ON j.no = a.no
            INNER JOIN cert AS c ON j.no = c.no ORDER BY j.no
        """,
        "disability_cert": f"""
            SELECT {_place("p")}, {_who("p")}, CASE p.sex WHEN '1' THEN '男' ELSE '女' END AS sex,
                p.id_no || c.kind || c.level AS disability_cert, p.key AS disability_cert__key,
                CASE c.kind WHEN 1 THEN '视力残疾' WHEN 2 THEN '听力残疾' WHEN 4 THEN '肢体残疾' WHEN 5 THEN
                    '智力残疾' ELSE '精神残疾' END
                    AS disability_type,
                CASE c.level WHEN 1 THEN '一级' WHEN 2 THEN '二级' WHEN 3 THEN '三级' ELSE '四级' END AS
                    disability_level,
                c.issue_on, c.expire_on, c.status AS cert_status, c.no
            FROM cert AS c INNER JOIN resident AS p ON c.no = p.no ORDER BY c.no
        """,
        "low_income_household": f"""
            SELECT {_place("h")}, {_who("h", "head_name", "head_id")}, '低保边缘' AS li_type, count(*) AS family_size,
                n.recognised_on, n.recognised_on + 364 AS valid_to, '正常' AS status, n.unit AS no
            FROM near AS n INNER JOIN resident AS h ON n.unit = h.no
            GROUP BY ALL ORDER BY n.unit
        """,
        "low_income_member": f"""
            SELECT {_place("h")}, {_who("h", "head_name", "head_id")}, {_who("p")}, p.relation, '低保边缘' AS li_type,
                n.recognised_on, n.recognised_on + 364 AS valid_to, '正常' AS status, n.no
            FROM near AS n INNER JOIN resident AS h ON n.unit = h.no INNER JOIN resident AS p ON n.no = p.no ORDER BY
                n.no
        """,
        "funeral": f"""
            SELECT {_place("p")}, {_who("p")}, d.died_on AS death_date, d.died_on + 2 AS cremation_date, '县殡仪馆' AS
                funeral_home, d.no
            FROM death AS d INNER JOIN resident AS p ON d.no = p.no WHERE d.in_funeral AND d.died_on < {day} ORDER BY
                d.no
        """,
        "death_cancel": f"""
            SELECT {_place("p")}, {_who("p")}, d.police_on AS death_date, d.police_on + 5 AS cancel_date, '死亡' AS
                cancel_flag, d.no
            FROM death AS d INNER JOIN resident AS p ON d.no = p.no WHERE d.in_police AND d.police_on < {day} ORDER BY
                d.no
        """,
        "officer": f"""
            SELECT {_place("p")}, {_who("p")}, o.kind AS officer_kind, CASE WHEN p.is_urban THEN p.village ELSE
                p.village || '委会' END AS unit, o.post,
                o.since, o.until, o.no
            FROM officer AS o INNER JOIN resident AS p ON o.no = p.no ORDER BY o.no
        """,
        "kin_filing": f"""
            SELECT {_place("p")}, {_who("o", "officer_name", "officer_id")},
                {_who("p", "relative_name", "relative_id")}, f.kin,
                '低保' AS program, {day} - 300 AS filed_on, f.officer AS no
            FROM filing AS f INNER JOIN resident AS o ON f.officer = o.no INNER JOIN resident AS p ON f.relative = p.no
            ORDER BY f.officer, f.relative
        """,
        "card_custody": f"""
            SELECT {_place("p")}, {_who("p")}, '银行卡' AS medium, coalesce(h.name, c.holder, p.township || '敬老院') AS
                holder_name,
                h.id_no AS holder_id, h.key AS holder_id__key, h.birth AS holder_id__birth, h.sex AS holder_id__sex,
                    c.post AS holder_post, c.relation,
                '年老' AS reason, c.will, c.agreement, c.from_on AS agreement_from, c.to_on AS agreement_to, c.filed_on,
                    c.returned_on, c.no
            FROM custody AS c INNER JOIN resident AS p ON c.no = p.no LEFT JOIN resident AS h ON c.holder_no = h.no
                ORDER BY c.no
        """,
        "care_agreement": f"""
            SELECT {_place("p")}, {_who("p")}, '分散供养' AS support_mode, s.surname || '长安' AS carer_name, TRUE AS
                agreement_signed,
                g.from_on AS signed_on, g.from_on AS agreement_from, g.to_on AS agreement_to, g.no
            FROM agreement AS g INNER JOIN resident AS p ON g.no = p.no INNER JOIN surname AS s ON p.r % 1024 = s.i
                ORDER BY g.no
        """,
        "visit_check": f"""
            SELECT {_place("h")}, {_who("h", "head_name", "head_id")}, {_who("p")}, v.program, v.on_day AS visit_on,
                '核查组' AS visitors,
                v.size AS insured_size, v.eligible, v.holder AS card_holder, v.consistent, v.problem, v.head AS no
            FROM visit AS v INNER JOIN resident AS h ON v.head = h.no LEFT JOIN resident AS p ON v.no = p.no ORDER BY
                v.head, v.no
        """,
        "poverty_monitor": f"""
            SELECT {_place("p")}, {_who("p")}, p.relation, '{frame.county.code}' || lpad(CAST(w.house AS VARCHAR), 7,
                '0') AS household_no,
                '边缘易致贫户' AS monitor_type, '因病' AS risk1, w.identified, w.removed, w.state AS dibao_state, w.no
            FROM watched AS w INNER JOIN resident AS p ON w.no = p.no ORDER BY w.no
        """,
        "severe_illness": f"""
            SELECT {_place("p")}, {_who("p")}, '慢性肾病' AS disease, '县人民医院' AS hospital, s.settled_on, s.total AS
                total_cost,
                s.total - s.own AS pool_paid, s.own AS self_paid, s.no
            FROM stay AS s INNER JOIN resident AS p ON s.no = p.no ORDER BY s.no, s.own
        """,
        "fiscal_staff": f"""
            SELECT {_place("p")}, {_who("p")}, s.unit, '事业编制' AS identity, '职员' AS post, s.state AS status,
                3600 AS salary,
                '{frame.roll_month}' AS period, s.no
            FROM staff AS s INNER JOIN resident AS p ON s.no = p.no ORDER BY s.no
        """,
        "pension": f"""
            SELECT {_place("p")}, {_who("p")}, '城乡居民基本养老保险' AS insurance_kind, '待遇领取' AS ins_status,
                123 AS
                benefit_amount, p.no
            FROM resident AS p WHERE p.no IN (SELECT no FROM db_member UNION SELECT no FROM tk) AND p.birth < {day} -
                21920 ORDER BY p.no
        """,
        "institution": """
            SELECT DISTINCT township, township || '敬老院' AS inst_name, 60 AS beds, '公办' AS nature, 0 AS no FROM
                village
                ORDER BY township
        """,
        "standard": f"""
            SELECT program, area, standard, DATE '{frame.as_of.year - 2}-01-01' AS from_on,
                '虚构文件{frame.county.code}号' AS doc, 0 AS no
                FROM (VALUES
                ('低保', '城市', {amounts.STANDARD["城市"]}), ('低保', '农村', {amounts.STANDARD["农村"]}),
                ('特困', '城市', 860), ('特困', '农村', 620)) AS t (program, area, standard)
        """,
        "tier": f"""
            SELECT left(area, 2) AS area, tier, amount, DATE '{frame.as_of.year - 2}-01-01' AS from_on,
                '{frame.county.code}' AS remark, 0 AS no FROM
                (VALUES
                {", ".join(f"('{area}', '{name}', {amount})" for (area, name), amount in TIERS.items())}) AS t (area,
                    tier, amount)
        """,
        "hukou": f"""
            SELECT {_place("p")}, {_who("p")}, CASE p.sex WHEN '1' THEN '男' ELSE '女' END AS sex, p.relation,
                '{frame.county.code}' || lpad(CAST(p.house AS VARCHAR), 7, '0') AS household_no,
                {_who("h", "head_name", "head_id")}, CASE WHEN d.no IS NULL THEN '正常' ELSE '死亡' END AS status
            FROM resident AS p INNER JOIN (SELECT * FROM resident WHERE place = 0) AS h ON p.house = h.house
            LEFT JOIN (SELECT DISTINCT no FROM death WHERE in_police) AS d ON p.no = d.no
        """,
    }


def payments(frame: Frame) -> str:
    """SELECT of twelve months of payments, from the sheets already made; month by month."""
    month = frame.roll_month
    if frame.by_person:
        share = "u.total_amount // u.insured_size"
        dibao = f"""
            SELECT m.township, m.village, m.head_name, m.head_id, m.head_id__key, m.head_id__birth, m.head_id__sex,
                m.name, m.id_no, m.id_no__key, m.id_no__birth, m.id_no__sex, u.account_name, u.account_no,
                    u.account_no__key,
                CASE m.assist_type WHEN '城市低保' THEN '城市低保' ELSE '农村低保' END AS project, 1 AS insured_size,
                CAST({share} AS DECIMAL(14, 2)) AS amount, m.unit AS unit, m.no
            FROM dibao_member AS m INNER JOIN dibao_household AS u ON m.unit = u.no WHERE m.insured
        """
    else:
        dibao = """
            SELECT u.township, u.village, u.head_name, u.head_id, u.head_id__key, u.head_id__birth, u.head_id__sex,
                u.head_name AS name, u.head_id AS id_no, u.head_id__key AS id_no__key, u.head_id__birth AS id_no__birth,
                u.head_id__sex AS id_no__sex, u.account_name, u.account_no, u.account_no__key,
                u.program AS project, u.insured_size, u.total_amount AS amount, u.no AS unit, u.no
            FROM dibao_household AS u
        """
    number = "id_no, id_no__key, id_no__birth, id_no__sex"
    own = f"NULL, NULL, NULL, NULL, NULL, name, {number}, account_name, account_no, account_no__key"
    return f"""
        WITH item AS (
            {dibao}
            UNION ALL SELECT township, village, {own}, '特困供养金', NULL, living_std, no, no FROM tekun_person
            UNION ALL SELECT township, village, {own}, '照料护理费', NULL, care_cost, no, no FROM tekun_person
            UNION ALL SELECT township, village, {own}, '孤儿基本生活费', NULL, amount, no, no FROM child
            UNION ALL SELECT township, village, {own}, '困难残疾人生活补贴', NULL, living_amount, no, no FROM
                disability_subsidy
                WHERE living_amount IS NOT NULL
            UNION ALL SELECT township, village, {own}, '重度残疾人护理补贴', NULL, care_amount, no, no FROM
                disability_subsidy
                WHERE care_amount IS NOT NULL
        ),
        months AS (
            SELECT strftime(d, '%Y-%m') AS period, CAST(d + INTERVAL {PAY_DAY - 1} DAY AS DATE) AS pay_on
            FROM (SELECT DATE '{month}-01' - to_months(CAST(range AS INT)) AS d FROM range({MONTHS}))
        )
        SELECT item.*, period, pay_on, '成功' AS status FROM months CROSS JOIN item ORDER BY period, project, unit, no
    """


def abroad(frame: Frame, lake: Lake, seed: int, rows: int) -> str:
    """SELECT of another province's county's roll: people who have no part in ours."""
    _, _, code = NEIGHBOURS[frame.county.index % len(NEIGHBOURS)]
    base = frame.county.index * 10**6
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = " + ".join(f"(n // {10 ** (16 - at)}) % 10 * {weight}" for at, weight in enumerate(weights))
    key = lake.person_key("id_no")
    # counties that share a neighbour take days of their own
    return f"""
        WITH drawn AS (
            SELECT range AS i, hash(range + {base}, {seed}, 11) AS r FROM range({rows})
        ),
        numbered AS (
            SELECT drawn.i, d.birth, s.surname || g.given AS name, CASE WHEN drawn.i % 2 = 0 THEN '1' ELSE '2' END AS
                sex,
                {int(code) * 10**11} + d.number * 1000 + ((drawn.i // 2) % 500) * 2 + (drawn.i % 2 = 0)::INT AS n
            FROM drawn INNER JOIN day_of AS d ON d.age_days = 12000 + (drawn.i // 1000) + {frame.county.index} * 60
            INNER JOIN surname AS s ON r % 2048 = s.i INNER JOIN given AS g ON (r >> 16) % 20480 = g.i
        ),
        whole AS (
            SELECT i, name, sex, birth, CAST(n AS VARCHAR) || substr('10X98765432', CAST(({total}) % 11 AS INT) + 1,
                1) AS id_no
            FROM numbered
        )
        SELECT '外县镇' AS township, '外县村' AS village, name AS head_name, id_no AS head_id, key AS head_id__key,
            birth AS
            head_id__birth,
            sex AS head_id__sex, name, id_no, key AS id_no__key, birth AS id_no__birth, sex AS id_no__sex, '户主' AS
                relation,
            '农村低保' AS assist_type, '在保' AS status, i AS no
        FROM (SELECT *, {key} AS key FROM whole) ORDER BY i
    """


def keep(con: duckdb.DuckDBPyConnection, table: str, sql: str, parameters: Mapping[str, bytes] | None = None) -> None:
    """Makes a table of a SELECT."""
    used = dict(parameters) if parameters and "$ip" in sql else None
    con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {sql}", used)
