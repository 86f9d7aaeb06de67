/*
id: paid_member
says:
  zh: 正在保障或渐退的家庭的成员。
  en: Members of households that are protected now, or in gradual exit.
*/
SELECT * FROM dibao_member WHERE status IN ('active', 'exiting')
