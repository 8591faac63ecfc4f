/* ---
id: R37
title: 代管卡折无协议、过期或未备案
version: 1
status: active
severity: red
clauses: [C12, C13]
law: [民发〔2021〕57号第26条, 夏民办〔2023〕14号三(一), 民法典第165条]
subject: person
identity: exact
needs: [card_custody]
uses: [care_agreement, child, dibao_household, dibao_member, disability_cert, disability_subsidy, hukou,
  low_income_household, low_income_member, officer, payment, tekun_person, visit_check]
reads: [custody_row]
finds: 工作人员或村（居）干部代管卡折，没有委托书、委托已到期或尚未开始，或没有报县备案。
summary: "{name}的银行卡（存折）由{holder}（{post}）代为保管，但{reasons}。请核对委托手续；确需代管的补办委托书并报县备案，否则交还本人。"
false_hits: [委托书或备案已补办而登记表未更新, 代管人是共同生活的近亲属而登记表未写明, 卡折已归还而未登记]
verify: [看委托书原件和期限, 查县级备案记录, 当面听取本人或监护人意见, 核对卡折现在谁手中]
reading: >-
  代管人是不是工作人员或干部，看干部名册（号码）或登记的身份；登记表没有号码也没有身份的，看同村（乡镇人员看同乡镇）同名。
  共同生活的近亲属、监护人、委托照料人不算，供养机构不算。截止日当天仍有效，只写到月的按月末，“长期”或未写截止日的视为有效。
  写明未签的不算有委托书。整张登记表都没有委托或备案内容的，不就该项推断。救助对象号码有误的不列。
--- */
WITH held AS (
    SELECT
        custody.person_key,
        custody.name,
        custody.township,
        custody.village,
        custody.row_id,
        custody.officer_rows,
        custody.holder_name,
        custody.post,
        custody.agreement_from,
        CASE custody.agreement_to_precision
            WHEN 'month' THEN LAST_DAY(custody.agreement_to)
            WHEN 'quarter' THEN LAST_DAY(ADD_MONTHS(custody.agreement_to, 2)) -- literal: third month of a quarter
            WHEN 'year' THEN LAST_DAY(ADD_MONTHS(custody.agreement_to, 11)) -- literal: twelfth month of a year
            ELSE custody.agreement_to
        END AS last_day,
        custody.tells_agreement
        AND NOT COALESCE(
            custody.agreement,
            custody.agreement_from IS NOT NULL
            OR custody.agreement_to IS NOT NULL
            OR COALESCE(custody.agreement_to_precision = 'open', FALSE)
        ) AS is_without,
        custody.tells_filing AND custody.filed_on IS NULL AS is_unfiled
    FROM custody_row AS custody
    WHERE custody.is_staff AND NOT custody.is_returned AND custody.id_is_valid
)

SELECT
    held.person_key,
    held.name,
    held.township,
    held.village,
    held.row_id AS ev_custody,
    held.officer_rows AS ev_officer,
    held.holder_name AS fact_holder,
    held.post AS fact_post,
    CONCAT_WS(
        '、',
        CASE WHEN held.is_without THEN '没有委托书' END,
        CASE WHEN NOT held.is_without AND held.last_day < $as_of THEN '委托期已过' END,
        CASE WHEN NOT held.is_without AND held.agreement_from > $as_of THEN '委托期还没有开始' END,
        CASE WHEN held.is_unfiled THEN '没有报县备案' END
    ) AS fact_reasons
FROM held
WHERE
    held.is_without
    OR held.is_unfiled
    OR COALESCE(held.last_day < $as_of, FALSE)
    OR COALESCE(held.agreement_from > $as_of, FALSE)
