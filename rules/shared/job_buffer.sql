/*
id: job_buffer
says:
  zh: >-
    低保期间新就业的成员,按就业类型、依就业开始那天的规定,渐退期止于何日。就业登记、公益性岗位、财政供养、职工医保说明了开始日期的以其为准;
    都没有的,看个税、养老缴费、公积金从何月起连续出现。shown 为真的已说明是新就业。
  en: >-
    Members who took up work while on dibao, and until when the gradual exit for that kind of work runs, by the law of the day it
    began. A registration, welfare post, payroll or insurance that tells the first day is taken; where there is none, the month from
    which tax, contributions or the housing fund run. Where shown is true, the work is shown to be new.
reads: [employment_registration, welfare_post, fiscal_payroll, employee_insurance]
parameters:
  - exit_buffer_public_months
  - exit_buffer_private_months
  - exit_buffer_flexible_months
  - exit_buffer_welfare_post_months
  - new_work_months
*/
-- Work whose start, kind or standing cannot be read, or that of a household whose admission cannot, may be new and of any kind: the
-- longest of the terms runs, or one without a known end.
WITH registered AS (
    SELECT scheme, household_id, member_id, evidence, started_on, ended_on,
           CASE WHEN employment_kind IN ('civil_servant', 'public_institution') THEN 'public'
                WHEN employment_kind IN ('private', 'migrant') THEN 'private' ELSE employment_kind END AS kind
    FROM linked_employment_registration
    UNION ALL
    SELECT scheme, household_id, member_id, evidence, started_on, ended_on, 'welfare_post'
    FROM linked_welfare_post
    UNION ALL
    SELECT scheme, household_id, member_id, evidence, started_on, ended_on, 'public'
    FROM linked_fiscal_payroll WHERE started_on IS NOT NULL
), insured AS (
    SELECT scheme, household_id, member_id, evidence, CASE WHEN status IS NOT NULL THEN insured_on END AS started_on, stopped_on AS ended_on, 'private' AS kind
    FROM linked_employee_insurance
    WHERE coalesce(status, 'active') = 'active' AND kind = 'employed' AND insured_on IS NOT NULL
), dated AS (
    SELECT *, true AS shown FROM registered
    UNION ALL
    SELECT *, true FROM insured
    ANTI JOIN (SELECT * FROM registered WHERE due(ended_on)) USING (scheme, household_id, member_id)
), ended AS (
    -- What tax tells of up to the month in which a registered job ended, or its last pay came, is that job's.
    SELECT scheme, household_id, member_id, max(ended_on) + INTERVAL 1 MONTH AS until FROM dated GROUP BY scheme, household_id, member_id
), job AS (
    SELECT scheme, household_id, member_id, [evidence] AS evidence, started_on, ended_on, kind, shown FROM dated
    UNION ALL
    SELECT scheme, household_id, member_id, evidence, began, NULL, 'private', coalesce(runs >= policy('new_work_months', province()), true)
    FROM work_run
    ANTI JOIN (SELECT * FROM dated WHERE due(ended_on)) USING (scheme, household_id, member_id)
    LEFT JOIN ended USING (scheme, household_id, member_id)
    WHERE coalesce(newest > until, true)
)
SELECT job.household_id, job.member_id, job.kind, job.started_on, job.shown, job.evidence,
       (job.started_on + to_months(CASE job.kind
           WHEN 'public' THEN policy_on('exit_buffer_public_months', member.division, job.started_on)
           WHEN 'private' THEN policy_on('exit_buffer_private_months', member.division, job.started_on)
           WHEN 'flexible' THEN policy_on('exit_buffer_flexible_months', member.division, job.started_on)
           WHEN 'welfare_post' THEN policy_on('exit_buffer_welfare_post_months', member.division, job.started_on)
           ELSE greatest(policy_on('exit_buffer_public_months', member.division, job.started_on),
                         policy_on('exit_buffer_private_months', member.division, job.started_on),
                         policy_on('exit_buffer_flexible_months', member.division, job.started_on),
                         policy_on('exit_buffer_welfare_post_months', member.division, job.started_on)) END::INTEGER))::DATE AS ends_on
FROM job
JOIN dibao_member AS member USING (scheme, household_id, member_id)
WHERE coalesce(job.started_on > member.started_on, true) AND due(job.ended_on)
