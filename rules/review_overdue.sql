/*
id: review_overdue
title: {zh: 应复核未复核, en: Review overdue}
direction: protect
severity: 1
reads:
  dibao_roster: tells
  death_cancellation: may tell
  cremation: may tell
parameters: [review_stable_months, review_unstable_months, death_review_months]
legal_basis:
  - to: 2021-06-30
    zh: 《最低生活保障审核审批办法(试行)》(2012)关于定期复核和成员去世后复核的规定;条款假定(assumed)
    en: Trial measures of 2012 on regular review and review after a death; the provision is assumed
  - from: 2021-07-01
    zh: 《最低生活保障审核确认办法》(2021)关于定期复核和成员去世后复核的规定;条款假定(assumed)
    en: Measures of 2021 on regular review and review after a death; the provision is assumed
check_on_visit:
  zh: 这是对经办单位的提示,不是对家庭的怀疑。安排复核:核对人口、收入、财产的变化;该增发的增发,该渐退的渐退。
  en: This is a lead on the office, no doubt about the family. Have the review done; look at changes of members, income and property; raise what is due, and grant an exit where one is.
can_be_wrong:
  zh: 已复核而名册日期未更新;灾害或疫情期间依规延期复核。
  en: Reviewed, and the date on the roster not updated; reviews put off by rule, as in an epidemic.
*/
-- A review is due by the end of the month in which its term ends: yearly, sooner where somebody lives by flexible work, and
-- within months of a member's death.
WITH household AS (
    SELECT scheme, household_id, max(assessed_on) AS assessed_on, any_value(division) AS division,
           max(monthly_amount) AS amount, coalesce(bool_or(declared_employment = 'flexible'), false) AS unsteady,
           list_filter(list(CASE WHEN relation_to_head = 'head' THEN evidence END), lambda one: one IS NOT NULL) AS evidence
    FROM paid_member
    GROUP BY scheme, household_id
), death AS (
    SELECT scheme, household_id, max(died_on) AS died_on, list(evidence) AS evidence
    FROM (SELECT scheme, household_id, death_date AS died_on, evidence FROM linked_death_cancellation
          UNION ALL
          SELECT scheme, household_id, coalesce(death_date, cremated_on), evidence FROM linked_cremation)
    GROUP BY scheme, household_id
), term AS (
    SELECT household.*, '已过复核期限' AS zh, 'its term has passed' AS en,
           (assessed_on + to_months(CASE WHEN unsteady THEN policy('review_unstable_months', division)
                                         ELSE policy('review_stable_months', division) END::INTEGER))::DATE AS ends_on
    FROM household
    UNION ALL
    SELECT household.* REPLACE (household.evidence || death.evidence AS evidence), '成员于 ' || died_on || ' 去世后未复核',
           'a member died on ' || died_on, (died_on + to_months(policy('death_review_months', division)::INTEGER))::DATE
    FROM household JOIN death USING (scheme, household_id)
    WHERE household.assessed_on < died_on
)
SELECT scheme, household_id, NULL AS member_id, 'review' AS record_key, NULL AS period, any_value(amount) AS amount,
       '最近核查 ' || any_value(assessed_on) || ',应于 ' || min(ends_on) || ' 前复核(' || string_agg(zh, '、' ORDER BY zh) || ')' AS reason_zh,
       'Last assessed on ' || any_value(assessed_on) || '; a review was due by ' || min(ends_on) || ' ('
       || string_agg(en, ', ' ORDER BY en) || ')' AS reason_en, list_distinct(flatten(list(evidence))) AS evidence
FROM term
WHERE NOT due(ends_on)
GROUP BY scheme, household_id
