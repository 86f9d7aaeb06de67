/*
id: control_sample
title: {zh: 随机抽查, en: Control sample}
direction: control
severity: 1
reads:
  dibao_roster: tells
parameters: [control_sample_size, control_sample_seed]
legal_basis:
  zh: 《社会救助暂行办法》(定期核查);条款假定(assumed)
  en: Interim Measures on Social Assistance (regular checks); the provision is assumed
check_on_visit:
  zh: 按常规入户核查,如实记录有无变化;抽中不表示怀疑。
  en: An ordinary visit; record what has changed or not. Being drawn is no doubt.
can_be_wrong:
  zh: 抽样只用于衡量误差。
  en: The sample is there to measure error alone.
*/
-- The same night and seed draw the same households, in whatever order they are read.
WITH unflagged AS (
    SELECT household_id, max(monthly_amount) AS amount
    FROM dibao_member
    WHERE status = 'active'
    GROUP BY household_id
    HAVING household_id NOT IN (SELECT household_id FROM flagged WHERE scheme = 'dibao')
), drawn AS (
    SELECT *
    FROM unflagged
    QUALIFY row_number() OVER (ORDER BY sha256(household_id || '|' || as_of() || '|' || policy('control_sample_seed', province())))
            <= policy('control_sample_size', province())
)
SELECT 'dibao' AS scheme, household_id, NULL AS member_id, 'control' AS record_key, as_of()::VARCHAR AS period,
       any_value(amount) AS amount, as_of() || ' 随机抽查,不含任何疑点' AS reason_zh,
       'Drawn at random on ' || as_of() || '; no doubt is meant' AS reason_en,
       [list(evidence ORDER BY coalesce(relation_to_head = 'head', false) DESC, member_id)[1]] AS evidence
FROM drawn JOIN dibao_member USING (household_id)
WHERE status = 'active'
GROUP BY household_id
