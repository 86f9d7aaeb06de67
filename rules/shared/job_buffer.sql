/*
id: job_buffer
says:
  zh: 低保期间新就业的成员,按就业类型渐退期止于何日。
  en: Members who took up work while on dibao, and until when the gradual exit for that kind of work runs.
reads: [employment_registration, welfare_post, fiscal_payroll]
parameters:
  - exit_buffer_public_months
  - exit_buffer_private_months
  - exit_buffer_flexible_months
  - exit_buffer_welfare_post_months
*/
WITH job AS (
    SELECT scheme, household_id, member_id, evidence, started_on, ended_on,
           CASE WHEN employment_kind IN ('civil_servant', 'public_institution') THEN 'public'
                WHEN employment_kind IN ('private', 'migrant') THEN 'private' ELSE employment_kind END AS kind
    FROM linked_employment_registration
    UNION ALL
    SELECT scheme, household_id, member_id, evidence, started_on, ended_on, 'welfare_post'
    FROM linked_welfare_post
    UNION ALL
    SELECT scheme, household_id, member_id, evidence, started_on, ended_on, 'public'
    FROM linked_fiscal_payroll
)
SELECT job.household_id, job.member_id, job.kind, job.started_on, job.evidence,
       (job.started_on + to_months(CASE job.kind
           WHEN 'public' THEN policy('exit_buffer_public_months', member.division)
           WHEN 'private' THEN policy('exit_buffer_private_months', member.division)
           WHEN 'flexible' THEN policy('exit_buffer_flexible_months', member.division)
           ELSE policy('exit_buffer_welfare_post_months', member.division) END::INTEGER))::DATE AS ends_on
FROM job
JOIN dibao_member AS member USING (scheme, household_id, member_id)
WHERE job.started_on > member.started_on AND due(job.ended_on)
