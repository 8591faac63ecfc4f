/* ---
id: R38
title: 违愿代持卡折
version: 1
status: active
severity: red
clauses: [C12]
law: [夏民办〔2023〕14号三(一), 民发〔2021〕57号第26条]
subject: person
identity: exact
needs: [card_custody]
uses: [care_agreement, child, dibao_household, dibao_member, disability_cert, disability_subsidy, hukou,
  low_income_household, low_income_member, officer, payment, tekun_person, visit_check]
reads: [custody_row]
finds: 代管卡折而登记的本人意愿是不同意，或由工作人员、村（居）干部代管而意愿不明。
summary: "{name}的银行卡（存折）由{holder}（{post}）保管，登记的本人意愿是“{will}”。请当面听取本人或监护人的意见，不愿意的立即交还。"
false_hits: [意愿已征求而登记表未填, 监护人代为同意而只填了本人意见, 卡折已归还而未登记]
verify: [当面听取本人或监护人意见并记录, 不同意的当场交还, 查近一年取款记录]
reading: >-
  写明不同意、拒绝的，不论谁代管都列；未知、空白的，只列工作人员或干部代管的。共同生活的近亲属、监护人、委托照料人不算工作人员或干部代管。
  整张登记表没有意愿内容的，按数据质量问题说明，不逐人列出。同意、自愿之类一律不列，读不懂的词也不列。救助对象号码有误的不列。
--- */
WITH asked AS (
    SELECT
        custody.row_id,
        COALESCE(REGEXP_MATCHES(
            custody.will,
            '不同意|不愿|不自愿|非自愿|不情愿|拒绝|反对|违背|强行|^(否|不|不是|×|✗|x|X|n|N|0)$'
        ) AND NOT REGEXP_MATCHES(custody.will, '不反对|不拒绝|无反对'), FALSE) AS is_refused,
        custody.will IS NULL
        OR TRIM(custody.will) = ''
        OR (
            REGEXP_MATCHES(
                custody.will,
                '未知|不详|不清|不明|不知|未表|未征|未填|未写|未定|未同意|没同意|未签|没有表|待核|待查|待定|待征|待确认|无法|说不清|空|^(无|没有|[-—/?？]+)$'
            )
            AND NOT REGEXP_MATCHES(REPLACE(REPLACE(custody.will, '未同意', ''), '没同意', ''), '同意|自愿|愿意')
        ) AS is_unknown
    FROM custody_row AS custody
)

SELECT
    custody.person_key,
    custody.name,
    custody.township,
    custody.village,
    custody.row_id AS ev_custody,
    custody.officer_rows AS ev_officer,
    custody.holder_name AS fact_holder,
    custody.post AS fact_post,
    COALESCE(NULLIF(TRIM(custody.will), ''), '未填写') AS fact_will
FROM custody_row AS custody
INNER JOIN asked ON custody.row_id = asked.row_id
WHERE
    custody.id_is_valid
    AND NOT custody.is_returned
    AND custody.tells_will
    AND (asked.is_refused OR (asked.is_unknown AND custody.is_staff))
