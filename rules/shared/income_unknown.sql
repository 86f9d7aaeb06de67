/*
id: income_unknown
says:
  zh: >-
    收入不能确知的低保家庭:核算所用的记录中,有一条缺月份、类别、状态、起始日期或金额。缺了它,不知那笔收入或扣减算在何月、是否该算,
    也不知该以哪一部门所说为准。补贴不在其内:它只会使收入更多,
    读不出的不计,已知的照算。
  en: >-
    Dibao households whose income cannot be known: a record it is computed from lacks its month, kind, standing, first day or amount.
    Without it nobody knows whether and in which month it counts, nor which department's word is the best. Subsidies are
    not among them: they can but add, so that what cannot be read is left out and what is known stands.
reads:
  - income_tax
  - fiscal_payroll
  - welfare_post
  - employment_registration
  - pension_contribution
  - housing_fund
  - employee_insurance
  - unemployment_benefit
  - pension_benefit
  - medical_expense
*/
WITH told AS (
    SELECT scheme, household_id FROM linked_income_tax WHERE month IS NULL OR income_kind IS NULL OR income IS NULL
    UNION
    SELECT scheme, household_id FROM linked_fiscal_payroll WHERE status IS NULL OR post_kind IS NULL
    UNION
    SELECT scheme, household_id FROM linked_welfare_post WHERE kind IS NULL OR started_on IS NULL
    UNION
    SELECT scheme, household_id FROM linked_employment_registration WHERE started_on IS NULL
    UNION
    SELECT scheme, household_id FROM linked_pension_contribution WHERE status IS NULL
    UNION
    SELECT scheme, household_id FROM linked_housing_fund WHERE status IS NULL OR amount IS NULL
    UNION
    SELECT scheme, household_id FROM linked_employee_insurance WHERE status IS NULL
    UNION
    SELECT scheme, household_id FROM linked_unemployment_benefit WHERE amount IS NULL
    UNION
    SELECT scheme, household_id FROM linked_pension_benefit WHERE benefit_kind IS NULL OR amount IS NULL
    UNION
    SELECT scheme, household_id FROM linked_medical_expense WHERE settled_on IS NULL OR out_of_pocket IS NULL
)
SELECT household_id FROM told WHERE scheme = 'dibao'
