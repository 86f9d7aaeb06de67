/*
id: unprotected_poor
title: {zh: 疑似漏保, en: Poor and in no scheme}
direction: protect
severity: 3
reads:
  registered_poor: tells
  death_cancellation: absence tells
  cremation: absence tells
  disability_certificate: may tell
  medical_expense: may tell
parameters: [adult_age, death_review_months, elderly_age, medical_lookback_months, rural_standard_yearly, severe_by_kind, severe_disability_levels,
  single_person_income_percent]
legal_basis:
  zh: 《社会救助暂行办法》;低保与扶贫衔接的文件(2016);社会救助兜底脱贫的文件(2020,重度残疾人等参照单人户纳入);条款假定(assumed)
  en: Interim Measures on Social Assistance; the document of 2016 on linking dibao and poverty relief; the document of 2020 on poverty relief through assistance (the severely disabled protected as single persons); the provision is assumed
check_on_visit:
  zh: 看本人生活和住房,问收入来源、赡养人情况、残疾和自理程度;告知可申请低保、特困供养和两项补贴,并帮助申请。
  en: See how the person lives, ask about income, those who must support them, disability and care; tell them what they may apply for and help them to.
can_be_wrong:
  zh: 已纳入保障但身份信息未对上;本人不愿申请;有赡养人且有能力;人已外出或去世未登记。
  en: Protected already and not matched; does not wish to apply; has relatives able to support; gone or dead and not recorded.
*/
-- What the register itself says a head has tells of poverty whatever the status says; of a household that nobody of working
-- age could support, its status. Both are the household's, told of its head; a severe disability or a grave illness is the person's own, and lets
-- the person be protected alone where the family is near-poor by the register's own income.
-- Nobody decided on them: the claim is that they lived on the day up to which deaths should have been looked into by now.
WITH present AS (
    SELECT person.household_no AS household_id, count(*) AS heads,
           bool_and(coalesce(datesub('year', place.born, as_of()) >= policy('elderly_age', place.division)
                             OR datesub('year', place.born, as_of()) < policy('adult_age', place.division)
                             OR person.labour = 'none' OR certificate.member_id IS NOT NULL, false)) AS dependent
    FROM registered_poor AS person
    JOIN membership AS place ON place.type = 'registered_poor' AND place.row_key = person.row_key
    LEFT JOIN (SELECT DISTINCT scheme, household_id, member_id FROM severe_certificate) AS certificate
      USING (scheme, household_id, member_id)
    WHERE person.resident_status = 'present'
    GROUP BY person.household_no
), head AS (
    SELECT * FROM unprotected_place
    QUALIFY row_number() OVER (PARTITION BY household_id ORDER BY (relation_to_head = 'head') DESC NULLS LAST, age DESC, member_id) = 1
), grounds AS (
    SELECT person.*, '残疾 ' || certificate.level || ' 级' AS ground_zh,
           'with a disability of level ' || certificate.level AS ground_en, [person.evidence, certificate.evidence] AS shown
    FROM unprotected_place AS person JOIN severe_certificate AS certificate USING (scheme, household_id, member_id)
    WHERE person.poverty_status IN ('poor', 'monitored') OR near_poor
    UNION ALL
    SELECT person.*, '患重病', 'gravely ill', [person.evidence, bill.evidence]
    FROM unprotected_place AS person JOIN recent_bill AS bill USING (scheme, household_id, member_id)
    WHERE bill.serious_illness = 'yes' AND (person.poverty_status IN ('poor', 'monitored') OR near_poor)
    UNION ALL
    SELECT head.*, CASE heads WHEN 1 THEN age || ' 岁独自一户' ELSE '全户 ' || heads || ' 人均为老人、未成年人或无劳动力' END,
           CASE heads WHEN 1 THEN 'aged ' || age || ' and alone'
                      ELSE 'one of ' || heads || ' who are all old, minor or unable to work' END, [head.evidence]
    FROM head JOIN present USING (household_id)
    WHERE dependent AND head.poverty_status IN ('poor', 'monitored')
    UNION ALL
    SELECT head.*, '名册所记人均年收入 ' || per_head_income || ' 元,低于低保标准',
           'with ' || per_head_income || ' yuan a head a year by the register itself, under the standard', [head.evidence]
    FROM head
    WHERE under_standard
)
SELECT 'registered_poor' AS scheme, household_id, member_id, 'registered_poor:unprotected' AS record_key,
       NULL AS period, round(policy('rural_standard_yearly', any_value(division)) / 12, 2) AS amount,
       mask_name(any_value(name)) || ' 为建档立卡'
       || CASE any_value(poverty_status) WHEN 'poor' THEN '未脱贫人口' WHEN 'lifted' THEN '已脱贫人口' ELSE '监测对象' END || ','
       || string_agg(DISTINCT ground_zh, '、' ORDER BY ground_zh) || ',不在低保和特困名册' AS reason_zh,
       mask_name(any_value(name)) || ' is registered '
       || CASE any_value(poverty_status) WHEN 'poor' THEN 'poor' WHEN 'lifted' THEN 'as lifted out of poverty' ELSE 'as monitored' END
       || ', ' || string_agg(DISTINCT ground_en, ', ' ORDER BY ground_en) || ', and on neither the dibao nor the tekun roster'
       AS reason_en,
       list_distinct(flatten(list(shown))) AS evidence,
       (as_of() - to_months(policy('death_review_months', any_value(division))::INTEGER))::DATE AS claim_on
FROM grounds
GROUP BY household_id, member_id
