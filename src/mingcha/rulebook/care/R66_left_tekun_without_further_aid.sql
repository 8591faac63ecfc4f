/* ---
id: R66
title: 退出特困未衔接
version: 1
status: trial
severity: blue
clauses: [C08, C35]
law: [民发〔2021〕43号第27条, 夏民办〔2023〕14号三(三)]
subject: person
identity: exact
needs: [tekun_person, dibao_member|dibao_household]
uses: [application, card_custody, care_agreement, child, death_cancel, disability_cert, disability_subsidy,
  fiscal_staff, funeral, hukou, kin_filing, low_income_household, low_income_member, officer, payment, pension,
  poverty_monitor, severe_illness, temp_assistance, third_party, visit_check]
reads: [roll_change, aid_person, death, application_row, relief_row, visit_reach]
finds: 退出特困供养（死亡、迁出、服刑的除外）以后，没有纳入低保等救助，没有申请过低保或临时救助，也没有入户核查结果的人员。
summary: "{name}从{period}起不再享受特困供养，此后没有查到低保、临时救助，也没有入户核查结果。请上门看一看，符合低保或临时救助条件的及时衔接。"
false_hits: [退出原因是死亡或迁出而名册未写, 正在办理低保, 入户核查表尚未上报]
verify: [入户了解现在的生活状况, 符合条件的帮助申请低保或临时救助, 不符合的说明原因并记录]
reading: >-
  名册写明停止，或者下一次名册上没有这个人的，算退出；换到别的乡镇、又回到特困、改正号码的不算。退出前一个月以来的申请、临时救助、
  入户核查都算已衔接，以户主身份申请的、没有号码而同村同名的、低保家庭里没有保障的成员也算。没有写日期的入户核查算在以后。
--- */
WITH ended AS (
    SELECT
        c.person_key,
        MIN(c.name) AS name,
        MIN(c.township) AS township,
        MIN(c.village) AS village,
        MAX(c.month) AS month,
        CAST(ADD_TO_MONTH(MAX(c.month), -1) || '-01' AS DATE) AS since,
        ARRAY_AGG(COALESCE(c.row_after, c.row_before)) AS roll_rows
    FROM roll_change AS c
    WHERE
        c.program = 'TK'
        AND c.kind IN ('left', 'ended')
        AND c.id_is_valid
        AND c.moved_to IS NULL
        AND c.month <= $as_of_month
        AND COALESCE(c.reason_kind NOT IN ('dead', 'moved', 'prison'), TRUE)
    GROUP BY c.person_key
),

-- whom somebody looked after, by his own number or as the head of a household; an undated visit may be of any day
seen AS (
    SELECT
        a.person_key,
        CASE WHEN NOT a.id_is_valid THEN a.name END AS lost_name,
        a.village,
        COALESCE(a.decided_on, a.accepted_on, a.apply_on) AS day
    FROM application_row AS a
    WHERE a.program <> 'TK'
    UNION ALL
    SELECT
        a.household_key AS person_key,
        CAST(NULL AS VARCHAR) AS lost_name,
        a.village,
        COALESCE(a.decided_on, a.accepted_on, a.apply_on) AS day
    FROM application_row AS a
    WHERE a.program <> 'TK'
    UNION ALL
    SELECT
        r.person_key,
        CASE WHEN NOT r.id_is_valid THEN r.name END AS lost_name,
        r.village,
        r.day
    FROM relief_row AS r
    UNION ALL
    SELECT
        r.household_key AS person_key,
        CAST(NULL AS VARCHAR) AS lost_name,
        r.village,
        r.day
    FROM relief_row AS r
    UNION ALL
    SELECT
        v.person_key,
        CAST(NULL AS VARCHAR) AS lost_name,
        CAST(NULL AS VARCHAR) AS village,
        COALESCE(v.visit_on, $as_of) AS day
    FROM visit_reach AS v
    WHERE v.has_result
),

carried_on AS (
    SELECT ended.person_key
    FROM ended
    INNER JOIN aid_person AS aid ON ended.person_key = aid.person_key
    WHERE
        aid.program IN ('DB', 'TK', 'ET', 'BY')
        AND (aid.is_active OR (aid.program = 'DB' AND NOT aid.is_insured AND aid.is_in_status))
    UNION
    SELECT ended.person_key
    FROM ended
    INNER JOIN death ON ended.person_key = death.person_key
    WHERE death.death_date <= $as_of AND NAMES_AGREE(ended.name, death.name)
    UNION
    SELECT ended.person_key
    FROM ended
    INNER JOIN seen ON ended.person_key = seen.person_key
    WHERE seen.day >= ended.since
    UNION
    SELECT ended.person_key
    FROM ended
    INNER JOIN seen
        ON ended.name = seen.lost_name AND COALESCE(ended.village, '') = COALESCE(seen.village, ended.village, '')
    WHERE seen.day >= ended.since
)

SELECT
    ended.person_key,
    ended.name,
    ended.township,
    ended.village,
    ended.roll_rows AS ev_roll,
    ended.month AS period
FROM ended
LEFT JOIN carried_on ON ended.person_key = carried_on.person_key
WHERE carried_on.person_key IS NULL
