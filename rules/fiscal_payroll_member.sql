/*
id: fiscal_payroll_member
title: {zh: 家庭成员为财政供养人员, en: A member is on the public payroll}
direction: doubt
severity: 3
reads:
  dibao_roster: tells
  employee_insurance: absence tells
  employment_registration: absence tells
  fiscal_payroll: tells
  housing_fund: absence tells
  income_tax: absence tells
  pension_contribution: absence tells
  relocation: absence tells
  welfare_post: absence tells
parameters: [
  exit_buffer_flexible_months, exit_buffer_private_months, exit_buffer_public_months, exit_buffer_welfare_post_months,
  first_month_percent, fiscal_posts, new_work_months, relocation_buffer_least_months, relocation_buffer_most_months,
  still_seen_months]
legal_basis:
  zh: 《社会救助暂行办法》(家庭人均收入低于标准;收入变化应当告知);条款假定(assumed)
  en: Interim Measures on Social Assistance (income a head below the standard; a change of income is reported); the provision is assumed
check_on_visit:
  zh: 核对本人是否在编在岗、何时入职、月应发工资;是否公益性岗位或临时聘用被列入;是否与家庭共同生活。
  en: Check the post, its start and its pay; whether it is a public-welfare or temporary post listed here; whether the member lives with the household.
can_be_wrong:
  zh: 同名差错;已离职未更新;临时或公益性岗位列入工资统发;成员已分户单独生活。
  en: Another person of the name; left and not updated; a temporary or public-welfare post on the payroll; a member who lives apart.
*/
-- The public purse provides for whoever holds a post; contract staff is judged by income alone. Inside a gradual exit, or the buffer in which one is due, the household is still paid for having found work: it is not doubted for that.
SELECT payroll.scheme, payroll.household_id, payroll.member_id, 'fiscal_payroll:' || payroll.row_key AS record_key,
       NULL AS period, member.monthly_amount AS amount,
       mask_name(member.name) || ' 为 ' || coalesce(payroll.employer_name, '(单位不详)') || ' 在职财政供养人员'
       || coalesce(',月应发工资 ' || payroll.monthly_pay || ' 元', '') AS reason_zh,
       mask_name(member.name) || ' is on the payroll of ' || coalesce(payroll.employer_name, '(employer not known)')
       || coalesce(', ' || payroll.monthly_pay || ' yuan a month', '') AS reason_en,
       [payroll.evidence] AS evidence
FROM linked_fiscal_payroll AS payroll
JOIN dibao_roster AS member ON member.household_no = payroll.household_id AND member.member_no = payroll.member_id
WHERE payroll.scheme = 'dibao'
  AND payroll.status = 'active'
  AND payroll.post_kind IN policy('fiscal_posts', member.division)
  AND goes_on(payroll.ended_on)
  AND (member.status = 'active' OR (member.status = 'exiting' AND NOT due(member.exit_ends_on)))
  AND payroll.household_id NOT IN (SELECT household_id FROM buffered_household)
