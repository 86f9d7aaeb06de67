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
parameters: [severe_disability_levels, elderly_age, rural_standard_yearly, medical_lookback_months]
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
WITH alone AS (
    SELECT household_no AS household_id
    FROM registered_poor
    WHERE resident_status <> 'deceased'
    GROUP BY household_no
    HAVING count(*) = 1
), disabled AS (
    SELECT household_id, member_id, level, valid_until, evidence
    FROM linked_disability_certificate
    WHERE scheme = 'registered_poor' AND status = 'valid' AND due(valid_until)
), unprotected AS (
    SELECT * FROM unprotected_place WHERE poverty_status IN ('poor', 'monitored')
), grounds AS (
    SELECT unprotected.*, '残疾 ' || disabled.level || ' 级' AS ground_zh,
           'disability of level ' || disabled.level AS ground_en, [unprotected.evidence, disabled.evidence] AS shown
    FROM unprotected JOIN disabled USING (household_id, member_id)
    WHERE disabled.level IN policy('severe_disability_levels', unprotected.division)
    UNION ALL
    SELECT unprotected.*, age || ' 岁独自一户', 'aged ' || age || ' and alone', [unprotected.evidence]
    FROM unprotected SEMI JOIN alone USING (household_id)
    WHERE age >= policy('elderly_age', unprotected.division)
)
SELECT 'registered_poor' AS scheme, household_id, member_id, 'registered_poor:unprotected' AS record_key,
       NULL AS period, round(policy('rural_standard_yearly', any_value(division)) / 12, 2) AS amount,
       mask_name(any_value(name)) || ' 为建档立卡'
       || CASE any_value(poverty_status) WHEN 'poor' THEN '未脱贫人口' ELSE '监测对象' END || ','
       || string_agg(DISTINCT ground_zh, '、' ORDER BY ground_zh) || ',不在低保和特困名册' AS reason_zh,
       mask_name(any_value(name)) || ' is registered '
       || CASE any_value(poverty_status) WHEN 'poor' THEN 'poor' ELSE 'as monitored' END || ', '
       || string_agg(DISTINCT ground_en, ', ' ORDER BY ground_en) || ', and on neither the dibao nor the tekun roster'
       AS reason_en,
       list_distinct(flatten(list(shown))) AS evidence
FROM grounds
GROUP BY household_id, member_id
