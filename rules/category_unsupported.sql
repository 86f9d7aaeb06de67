/*
id: category_unsupported
title: {zh: 分类施保无依据, en: Category supplement without support}
direction: doubt
severity: 2
reads:
  dibao_roster: tells
  disability_certificate: absence tells
  student_enrolment: absence tells
parameters: [adult_age, elderly_age, student_most_age]
legal_basis:
  zh: 《社会救助暂行办法》(对获得低保后生活仍有困难的老年人、未成年人、重度残疾人和重病患者增发);贵州省分类施保规定;条款假定(assumed)
  en: Interim Measures on Social Assistance (more for the elderly, minors, the severely disabled and the gravely ill); provincial category support; the provision is assumed
check_on_visit:
  zh: 看残疾人证、学生证或身份证上的出生日期;证件在换领的,看受理凭证。
  en: See the certificate, the student card or the birth date; for a renewal, the receipt.
can_be_wrong:
  zh: 证件或学籍在外省;身份信息未对上;换证未录入。
  en: A certificate or enrolment elsewhere; identity not matched; a renewal not entered.
*/
-- A supplement is paid by the month: whoever becomes elderly or ceases to be a minor in it is due the whole of it.
-- The province's register does not hold those who study elsewhere: of somebody of a student's age it tells nothing that
-- there is no enrolment, unless one has ended or the roster itself has them in work. Minors are due a supplement in any case, and whoever
-- has come of age and goes on to study is due a student's, though the roster still says minor.
-- Whoever has no sound number on the roster cannot be looked up: identity_invalid says so, and this rule nothing. Nor can
-- somebody whose number has another birth date than the roster: it may be a relative's. An age is on the roster itself: it rests on
-- no register that could be late.
WITH supplement AS (
    SELECT *, datesub('year', born, last_day(as_of())) AS age
    FROM (SELECT *, coalesce(birth_date, try_strptime(substr(id_number, 7, 8), '%Y%m%d')::DATE) AS born FROM paid_member)
    WHERE recipient = 'yes' AND supplement_amount > 0 AND id_number_verdict IN ('sound', 'sound_15')
      AND coalesce(contains(id_number, strftime(birth_date, '%y%m%d')), true)
), unsupported AS (
    SELECT *, '残疾,无有效残疾人证' AS zh, 'disability, without a certificate' AS en, NULL::DATE AS claim_on
    FROM supplement ANTI JOIN possible_certificate USING (scheme, household_id, member_id)
    WHERE supplement_kind = 'disability'
    UNION ALL
    SELECT *, CASE supplement_kind WHEN 'minor' THEN '未成年人,实为 ' || age || ' 岁,无在籍学籍' ELSE '学生,无在籍学籍' END,
           CASE supplement_kind WHEN 'minor' THEN 'minor, aged ' || age || ' and without an enrolment' ELSE 'student, without an enrolment' END,
           NULL
    FROM supplement ANTI JOIN possible_enrolment USING (scheme, household_id, member_id)
    WHERE CASE supplement_kind WHEN 'student' THEN age WHEN 'minor' THEN datesub('year', born, this_month()) END
          >= policy('adult_age', division)
      AND (age > policy('student_most_age', division)
           OR declared_employment IN ('employed', 'flexible')
           OR (household_id, member_id) IN (SELECT (household_id, member_id) FROM linked_student_enrolment))
    UNION ALL
    SELECT *, '老年,实为 ' || age || ' 岁', 'elderly, aged ' || age, born
    FROM supplement
    WHERE supplement_kind = 'elderly' AND age < policy('elderly_age', division)
)
SELECT 'dibao' AS scheme, household_id, member_id, 'supplement:' || supplement_kind AS record_key, NULL AS period,
       supplement_amount AS amount, mask_name(name) || ' 领取分类施保(' || zh || ')' AS reason_zh,
       mask_name(name) || ' is paid a category supplement (' || en || ')' AS reason_en, [evidence] AS evidence, claim_on
FROM unsupported
