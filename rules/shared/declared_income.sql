/*
id: declared_income
says:
  zh: >-
    每个成员申报的月收入可以视为多少:本人写了数的,是本人的;本人空白或为零而户内别人写了数的,可能由一人代全家申报,按全家申报合计。
    全家都空白的没有值:空白不是申报为零。
  en: >-
    What a member's declared monthly income may be taken to be: their own where they wrote an amount; where theirs is blank or zero and
    another of the household wrote one, that line may speak for all, so that it is all the household declared. Where all is blank
    there is none: a blank is no declared zero.
parameters: [undeclared_tolerance_percent, undeclared_tolerance_monthly]
*/
WITH paid AS (
    SELECT scheme, household_id, member_id, division, declared_income FROM dibao_member WHERE status IN ('active', 'exiting')
), household AS (
    SELECT scheme, household_id, sum(declared_income)::DECIMAL(18, 2) AS together
    FROM paid
    GROUP BY scheme, household_id
), taken AS (
    SELECT paid.scheme, paid.household_id, paid.member_id, paid.division,
           CASE WHEN paid.declared_income > 0 THEN paid.declared_income ELSE together END::DECIMAL(18, 2) AS declared
    FROM paid JOIN household USING (scheme, household_id)
)
SELECT scheme, household_id, member_id, declared,
       round(declared * (1 + policy('undeclared_tolerance_percent', division) / 100)
             + policy('undeclared_tolerance_monthly', division), 2) AS tolerated
FROM taken
