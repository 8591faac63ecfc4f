"""What happened to the residents of a county, in narrow tables by resident number; planted cases add to them.

death      no, died_on, in_funeral, in_police, police_on
cert       no, kind, level, issue_on, expire_on, status
db_unit    unit (its head's number), area, tier, start_on, status
db_member  unit, no, insured
tk         no, mode, care, living, nursing, start_on
et         no, guardian, category, amount, top_up, school
cj         no, living, care, level, since
near       unit, no, recognised_on
officer    no, kind, post, since, until
filing     officer, relative, kin
custody    no, holder_no, holder, post, relation, will, agreement, from_on, to_on, filed_on, returned_on
agreement  no, from_on, to_on
visit      head, no, on_day, program, size, eligible, holder, consistent, problem
watched    no, house, identified, removed, state
stay       no, settled_on, total, own
staff      no, unit, state
"""

from __future__ import annotations

from datetime import date

import duckdb

from mingcha.simulate.model.days import month_of, month_shift
from mingcha.simulate.province.people import MOST

_CREATE = {
    "death": "no BIGINT, died_on DATE, in_funeral BOOLEAN, in_police BOOLEAN, police_on DATE",
    "cert": "no BIGINT, kind INT, level INT, issue_on DATE, expire_on DATE, status VARCHAR",
    "db_unit": "unit BIGINT, area VARCHAR, tier VARCHAR, start_on DATE, status VARCHAR",
    "db_member": "unit BIGINT, no BIGINT, insured BOOLEAN",
    "tk": "no BIGINT, mode VARCHAR, care VARCHAR, living DECIMAL(14,2), nursing DECIMAL(14,2), start_on DATE",
    "et": "no BIGINT, guardian BIGINT, category VARCHAR, amount DECIMAL(14,2), top_up BOOLEAN, school VARCHAR",
    "cj": "no BIGINT, living DECIMAL(14,2), care DECIMAL(14,2), level INT, since VARCHAR",
    "near": "unit BIGINT, no BIGINT, recognised_on DATE",
    "officer": "no BIGINT, kind VARCHAR, post VARCHAR, since DATE, until DATE",
    "filing": "officer BIGINT, relative BIGINT, kin VARCHAR",
    "custody": "no BIGINT, holder_no BIGINT, holder VARCHAR, post VARCHAR, relation VARCHAR, will VARCHAR, "
    "agreement BOOLEAN, from_on DATE, to_on DATE, filed_on DATE, returned_on DATE",
    "agreement": "no BIGINT, from_on DATE, to_on DATE",
    "visit": "head BIGINT, no BIGINT, on_day DATE, program VARCHAR, size INT, eligible VARCHAR, holder VARCHAR, "
    "consistent BOOLEAN, problem VARCHAR",
    "watched": "no BIGINT, house BIGINT, identified VARCHAR, removed BOOLEAN, state VARCHAR",
    "stay": "no BIGINT, settled_on DATE, total DECIMAL(14,2), own DECIMAL(14,2)",
    "staff": "no BIGINT, unit VARCHAR, state VARCHAR",
}

#: people in houses with a role, with h: a second number drawn for the person
_ACTORS = """
    CREATE OR REPLACE TEMP TABLE actor AS
    SELECT no, house, place, kind, role, relation, sex, is_urban, r, CAST(hash(no, r, 7) % 1000000 AS INT) AS h
    FROM resident WHERE role <> 'none' ORDER BY no
"""
_DEATHS = """
    INSERT INTO death SELECT no, {day} - (6 + h % 358), TRUE, TRUE, {day} - (6 + h % 358) FROM actor
    WHERE role = 'dead'
        AND (kind = 'elder' OR (kind = 'elders' AND place = r % 2) OR (kind = 'three' AND place = 3));
"""
_DIBAO = """
    INSERT INTO db_member SELECT house * {most}, no, {insured} FROM actor WHERE role = 'dibao';
    INSERT INTO cert SELECT no, {severe}, {issued}, '有效' FROM actor
    WHERE role = 'dibao' AND {insured} AND relation NOT IN ('长子', '长女', '孙子')
        AND r % 100 < CASE WHEN kind IN ('elder', 'single') THEN 12 ELSE 6 END;
    INSERT INTO cert SELECT no, {mild}, {issued}, '有效' FROM actor
    WHERE role = 'dibao' AND {insured} AND relation NOT IN ('长子', '长女', '孙子')
        AND r % 100 BETWEEN 50 AND CASE WHEN kind IN ('elder', 'single') THEN 64 ELSE 55 END;
    INSERT INTO db_unit
    SELECT a.no, CASE WHEN a.is_urban THEN '城市低保' ELSE '农村低保' END,
        CASE WHEN s.house IS NOT NULL THEN 'A' WHEN h % 5 < 3 THEN 'B' ELSE 'C' END, {since}, '在保'
    FROM actor AS a
    LEFT JOIN (SELECT DISTINCT no // {most} AS house FROM cert WHERE level <= 2) AS s ON a.house = s.house
    WHERE a.role = 'dibao' AND a.place = 0;
    INSERT INTO cj
    SELECT no, 75, CASE WHEN level <= 2 THEN 75 END, level, '2023-' || lpad(CAST(1 + no % 12 AS VARCHAR), 2, '0')
    FROM cert;
"""
#: severely disabled people outside dibao draw the care subsidy and were visited; others hold a certificate alone
_DISABLED = """
    INSERT INTO cert SELECT no, {severe}, {issued}, '有效' FROM actor
    WHERE role = 'care' AND place = r % 2 * (kind <> 'elder')::INT;
    INSERT INTO cj
    SELECT c.no, NULL, 75, c.level, '2023-' || lpad(CAST(1 + c.no % 12 AS VARCHAR), 2, '0')
    FROM cert AS c INNER JOIN actor AS a ON c.no = a.no WHERE a.role = 'care';
    INSERT INTO visit SELECT house * {most}, no, {recent}, NULL, NULL, '不符合', '本人', TRUE, NULL FROM actor
    WHERE role = 'care' AND no IN (SELECT no FROM cert);
    INSERT INTO cert SELECT no, {mild}, {issued}, '有效' FROM actor
    WHERE role = 'mild' AND place = r % 2 * (kind NOT IN ('elder', 'single'))::INT;
"""
_TEKUN = """
    INSERT INTO cert SELECT no, 4, 1 + h % 2, {issued}, '有效' FROM actor WHERE role = 'tekun' AND kind = 'single';
    INSERT INTO tk
    SELECT no, CASE WHEN r % 100 < 15 THEN '集中供养' ELSE '分散供养' END,
        CASE WHEN h % 10 < 6 THEN '全自理' WHEN h % 10 < 9 THEN '半自理' ELSE '不能自理' END,
        CASE WHEN is_urban THEN 860 ELSE 620 END,
        CASE WHEN h % 10 < 6 THEN 60 WHEN h % 10 < 9 THEN 300 ELSE 600 END, {since}
    FROM actor WHERE role = 'tekun' AND place = 0;
    INSERT INTO agreement SELECT no, {day} - (10 + no % 300)::INT, {day} + (20 + no % 600)::INT
    FROM tk WHERE mode = '分散供养';
    INSERT INTO et
    SELECT no, house * {most}, CASE WHEN r % 100 < 35 THEN '社会散居孤儿' ELSE '事实无人抚养儿童' END, 1100, FALSE,
        CASE WHEN r % 3 = 0 THEN '镇中心小学' ELSE '第二小学' END
    FROM actor WHERE role = 'child' AND place = 1;
"""
_EDGE = """
    INSERT INTO near SELECT house * {most}, no, {day} - (20 + CAST(hash(house) % 300 AS INT)) FROM actor
    WHERE role = 'near';
    INSERT INTO watched SELECT no, house, '{fourteen}', r % 10 = 9, '未享受' FROM actor WHERE role = 'watched';
    INSERT INTO watched SELECT no, house, '{twenty}', FALSE, '农村低保' FROM actor
    WHERE role = 'dibao' AND kind IN ('couple', 'grandchild') AND hash(house, 9) % 10 < 3;
    INSERT INTO visit SELECT no, NULL, {recent}, NULL, NULL, '不符合', '本人', TRUE, NULL FROM actor
    WHERE role = 'watched' AND place = 0;
    INSERT INTO stay SELECT no, {recent}, own * 3, own FROM (
        SELECT no, h, CAST(600 + h % 19000 AS DECIMAL(14, 2)) AS own FROM actor WHERE role = 'costs' AND place = r % 2
    );
"""
_OFFICERS = """
    INSERT INTO officer
    SELECT no, CASE WHEN is_urban THEN '居委会干部' ELSE '村干部' END,
        CASE h % 4 WHEN 0 THEN '党支部书记' WHEN 1 THEN '委员' WHEN 2 THEN '会计' ELSE '妇联主席' END, {since}, NULL
    FROM actor WHERE role = 'officer' AND place = (h % 4 = 3)::INT;
    INSERT INTO staff SELECT no, CASE WHEN h % 2 = 0 THEN '镇人民政府' ELSE '镇中心小学' END, '在职' FROM actor
    WHERE role = 'worker' AND place = 0;
"""
#: households in aid that were visited; cards kept by the spouse or by the institution
_VISITS = """
    INSERT INTO visit
    SELECT unit, NULL, {day} - (1 + CAST(hash(unit) % 300 AS INT)), '低保', NULL, '符合', '本人', TRUE, NULL
    FROM db_unit WHERE hash(unit, 5) % 100 < 7;
    INSERT INTO visit
    SELECT no, no, {day} - (1 + CAST(hash(no) % 300 AS INT)), '特困', NULL, '符合', '本人', TRUE, NULL
    FROM tk WHERE hash(no, 5) % 100 < 14;
    INSERT INTO custody
    SELECT a.no, NULL, NULL, '供养机构', '供养机构', '同意', TRUE, {day} - 200, {day} + 165, {day} - 190, NULL
    FROM actor AS a INNER JOIN tk ON a.no = tk.no WHERE tk.mode = '集中供养' AND a.r % 2 = 0;
    INSERT INTO custody
    SELECT no, no + 1, NULL, '近亲属', '妻', '同意', TRUE, {day} - 200, {day} + 165, {day} - 190, NULL
    FROM actor WHERE role = 'dibao' AND kind = 'elders' AND place = 0 AND r % 100 < 4;
"""


def make_facts(con: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Fills the tables from the roles of the houses."""
    for name, columns in _CREATE.items():
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")
    con.execute(_ACTORS)
    day, month = f"DATE '{as_of}'", month_of(as_of)
    words = {
        "day": day,
        "most": MOST,
        # of families mostly the head and the first child are insured
        "insured": "(kind <> 'family' OR r % 4 = 0 OR place IN (0, 2))",
        "severe": "CASE WHEN h % 10 < 6 THEN 4 WHEN h % 10 < 8 THEN 5 ELSE 6 END, 1 + (h // 10) % 2",
        "mild": "CASE WHEN h % 10 < 7 THEN 4 ELSE 2 END, 3 + (h // 10) % 2",
        "issued": f"{day} - (200 + h % 2400), {day} + (40 + h % 3000)",
        "since": f"{day} - (400 + h % 2600)",
        "recent": f"{day} - (1 + h % 300)",
        "fourteen": month_shift(month, -14),
        "twenty": month_shift(month, -20),
    }
    for script in (_DEATHS, _DIBAO, _DISABLED, _TEKUN, _EDGE, _OFFICERS, _VISITS):
        con.execute(script.format(**words))
