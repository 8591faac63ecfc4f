/* ---
id: R54
title: 公示敏感字段
version: 1
status: trial
severity: red
clauses: [C41]
law: [夏民办〔2023〕14号四(五), 个人信息保护法第28条, 民发〔2021〕57号第24条]
subject: item
identity: none
needs: [disclosure]
reads: [listing]
finds: 公示名单上出现身份证号、手机号、银行账号、住址门牌、出生日期、健康或残疾情况等不应公开的内容。
summary: "{name}中有{rows}行公开了{fields}，请核实；确已张贴或上网的，及时撤换，只保留申请人姓名、家庭成员数量和保障金额。"
false_hits: [交来的是内部底册而不是张贴的公示表, 号码栏在张贴时已遮盖]
verify: [看公示栏和网页上实际公开的内容, 确有泄露的及时撤换, 告知相关家庭, 核对公示表模板]
reading: >-
  按一张名单（乡镇、村、类别、公示类型、公示方式）计一条。栏目在而没有填的不算，已遮盖的号码不算，监督电话不算，只写到村的地址不算，年龄和开户银行名称不算。
  病种写“无”的不算；健康状况只要填了就算。备注等文字栏里的长串号码按读入时的隐去标记认定，写明是监督、举报、咨询、服务电话的不算。
--- */
SELECT
    l.item,
    MIN(l.township) AS township,
    MIN(l.village) AS village,
    ARRAY_AGG(DISTINCT l.row_id) AS ev_listing,
    COUNT(*) AS fact_rows,
    CONCAT_WS(
        '、',
        CASE WHEN BOOL_OR(l.shows_number) THEN '身份证号' END,
        CASE WHEN BOOL_OR(l.shows_phone) THEN '联系电话' END,
        CASE WHEN BOOL_OR(l.shows_account) THEN '银行账号' END,
        CASE WHEN BOOL_OR(l.shows_address) THEN '住址门牌' END,
        CASE WHEN BOOL_OR(l.shows_birth) THEN '出生日期' END,
        CASE WHEN BOOL_OR(l.shows_health) THEN '健康或病情' END,
        CASE WHEN BOOL_OR(l.shows_disability) THEN '残疾情况' END,
        CASE WHEN BOOL_OR(l.shows_hidden) THEN '文字中的号码' END
    ) AS fact_fields
FROM listing AS l
WHERE
    l.shows_number
    OR l.shows_phone
    OR l.shows_account
    OR l.shows_address
    OR l.shows_birth
    OR l.shows_health
    OR l.shows_disability
    OR l.shows_hidden
GROUP BY l.item
