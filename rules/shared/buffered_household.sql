/*
id: buffered_household
says:
  zh: 正处于就业渐退期或搬迁缓冲期内的家庭(止日所在的整月仍在期内);就业只指已说明是新就业的。
  en: >-
    Households whose gradual exit for work that is shown to be new, or whose relocation buffer, is running; the whole month of its last
    day counts.
*/
SELECT household_id FROM job_buffer WHERE shown AND due(ends_on)
UNION
SELECT household_id FROM relocation_buffer WHERE due(ends_on)
