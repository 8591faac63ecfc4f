/* ---
id: R55
title: 公示未成年人
version: 1
status: trial
severity: red
clauses: [C41]
law: [夏民办〔2023〕14号四(五), 未成年人保护法第4条, 个人信息保护法第28条]
subject: item
identity: none
needs: [disclosure]
uses: [child, dibao_household, dibao_member, disability_cert, disability_subsidy, low_income_household,
  low_income_member, officer, tekun_person]
reads: [listing, aid_person]
params: {adult_age: ET-01}
finds: 公示名单上列出未满{adult_age}周岁的未成年人，或公示了孤儿、事实无人抚养儿童名单。
summary: "{name}{reason}，请核实；确已张贴或上网的，及时撤换，未成年人信息不对外公开。"
false_hits: [同村另有同名的成年人, 交来的是内部底册而不是张贴的公示表, 未成年人为单人户申请人]
verify: [看公示栏和网页上实际公开的内容, 核对所列人员是否未成年, 确有的及时撤换, 未成年人为申请人的单人户请法制审核]
reading: >-
  按一张名单计一条，句子里不再写出未成年人姓名。名单写有身份证号、出生日期或年龄的按其认定；只有姓名的，看同村在册的未成年人是否同名，
  村里在册人员（含已停保的）另有同名的成年人或年龄不明的人，就不算。没有写村的不按姓名认定。当天年满的不算未成年。未成年人自己是申请人（单人户）的也列出，请法制审核。
  儿童保障（孤儿、事实无人抚养儿童）名单不论列的是谁都算。
--- */
WITH shown AS (
    SELECT
        l.row_id,
        l.item,
        l.township,
        l.village,
        -- where members are listed one by one, the head's name only says whose they are
        COALESCE(l.member_name, l.head_name) AS name,
        COALESCE(l.program = 'ET', FALSE) AS is_of_children,
        COALESCE(AGE_ON(COALESCE(l.id_birth_date, l.birth_date), $as_of) < $adult_age, l.age < $adult_age, FALSE) AS is_minor
    FROM listing AS l
),

young AS (
    SELECT
        aid.township,
        aid.village,
        aid.name
    FROM aid_person AS aid
    WHERE aid.is_active AND AGE_ON(aid.birth_date, $as_of) < $adult_age
    GROUP BY aid.township, aid.village, aid.name
),

met AS (
    SELECT
        shown.row_id,
        young.township,
        young.village,
        young.name
    FROM shown
    INNER JOIN young
        ON
            shown.village = young.village
            AND shown.name = young.name
            AND COALESCE(shown.township, young.township, '') = COALESCE(young.township, shown.township, '')
),

named AS (
    SELECT
        met.row_id,
        COUNT(other.row_id) AS others
    FROM met
    LEFT JOIN aid_person AS other
        ON
            met.village = other.village
            AND met.name = other.name
            AND COALESCE(met.township, other.township, '') = COALESCE(other.township, met.township, '')
            AND NOT COALESCE(AGE_ON(other.birth_date, $as_of) < $adult_age, FALSE)
    GROUP BY met.row_id
)

SELECT
    shown.item,
    MIN(shown.township) AS township,
    MIN(shown.village) AS village,
    ARRAY_AGG(DISTINCT shown.row_id) AS ev_listing,
    CASE
        WHEN BOOL_OR(shown.is_of_children) THEN '公示了孤儿、事实无人抚养儿童的名单'
        ELSE CONCAT('列出了', CAST(COUNT(*) AS VARCHAR), '名未成年人')
    END AS fact_reason
FROM shown
LEFT JOIN named ON shown.row_id = named.row_id
WHERE shown.is_of_children OR shown.is_minor OR named.others = 0
GROUP BY shown.item
