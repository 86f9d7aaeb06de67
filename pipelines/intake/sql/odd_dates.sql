-- Dates and months written otherwise than most: the day each text says, and whether it only stands where none is known.
--
-- Read is what has one meaning: the year in four digits, Excel's serial numbers, seconds and milliseconds since 1970. A
-- time of day says nothing more, unless its zone is stated: then the moment is told in the time of Asia/Shanghai, summer
-- time of old years included. Two digits are no year, and 3/5/2019 may be May or March: neither is read. Twelve digits may
-- be a clock or milliseconds, four a year or a serial number: neither is read.
WITH plainer AS (
    SELECT
        place,
        said,
        said
        .regexp_replace(' ?\(?(星期|周)[一二三四五六日天]\)?', '')
        .regexp_replace('^(\d{4}) ?[-/.—–·、 ] ?(\d{1,2}) ?[-/.—–·、 ] ?(\d{1,2})(\D.*)?$', '\1-\2-\3\4')
        .regexp_replace('^(\d{6,14})\.0+$', '\1')
        .regexp_replace('^(\d{4}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]? ?', '\1-\2-\3 ')
        .regexp_replace('^(\d{1,2})-(\d{1,2})月 ?-(\d{4})( |$)', '\3-\2-\1\4')
        .regexp_replace('^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\.?\d{3}|\.\d+)?(Z|[+-].*)?$', '\1-\2-\3 \4:\5:\6\8')
        .regexp_replace('^(\d{4})(\d{2})(\d{2})($|[T ])', '\1-\2-\3\4')
        .regexp_replace('[T ](\d{2})(\d{2})(\d{2})(\D|$)', ' \1:\2:\3\4')
        .trim() AS plain
    FROM odd
),
parted AS (
    SELECT
        place,
        said,
        plain,
        regexp_extract(
            plain,
            '^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})'
            || '(?:[T ]+(?:[上下]午 ?)?\d{1,2}(?:[:.时点] ?\d{1,2}(?:[:.分] ?\d{1,2}(?:[:.,]\d+)?)?)?[时点分秒]?'
            || '(?: ?[AaPp][Mm])?)?$',
            ['year', 'month', 'day']
        ) AS here,
        regexp_extract(
            plain,
            '^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})'
            || '(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)? ?'
            || '(?:(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?(?::\d{2})?|Z|z|UTC|GMT)(?:\[[A-Za-z_/]+\])?$',
            ['year', 'month', 'day', 'hour', 'minute', 'second', 'sign', 'hours_ahead', 'minutes_ahead']
        ) AS zoned,
        regexp_extract(
            plain,
            '^(\d{1,2})[-/ ]([A-Za-z]{3,9})[-/ ,]+(\d{4})(?: \d{1,2}[:.]\d{2}.*)?$',
            ['day', 'month', 'year']
        ) AS english,
        regexp_extract(
            plain,
            '^(?:[A-Z][a-z]{2} )?([A-Za-z]{3,9})\.? +(\d{1,2})(?:st|nd|rd|th)?,?(?: \d{1,2}:\d{2}:\d{2})? (\d{4})$',
            ['month', 'day', 'year']
        ) AS american,
        regexp_extract(plain, '^(\d{4})(?: ?[-/.年] ?(\d{1,2}) ?(?:月份?)?|(\d{2}))$', ['year', 'month', 'digits']) AS month
    FROM plainer
),
told AS (
    SELECT
        place,
        said,
        CASE
            WHEN here.year <> '' THEN TRY_CAST(concat_ws('-', here.year, here.month, here.day) AS DATE)
            WHEN
                zoned.year <> '' AND coalesce(TRY_CAST(zoned.hours_ahead AS INTEGER), 0) <= 14
                AND (zoned.hour <> '' OR zoned.sign = '' OR zoned.minutes_ahead <> '')
                THEN timezone('Asia/Shanghai', timezone('UTC',
                    TRY_CAST(concat_ws('-', zoned.year, zoned.month, zoned.day) AS TIMESTAMP)
                    + to_hours(coalesce(TRY_CAST(zoned.hour AS INTEGER), 0))
                    + to_minutes(coalesce(TRY_CAST(zoned.minute AS INTEGER), 0))
                    + to_seconds(coalesce(TRY_CAST(zoned.second AS INTEGER), 0))
                    - to_minutes(
                        (CASE zoned.sign WHEN '-' THEN -1 ELSE 1 END)
                        * (
                            60 * coalesce(TRY_CAST(zoned.hours_ahead AS INTEGER), 0)
                            + coalesce(TRY_CAST(zoned.minutes_ahead AS INTEGER), 0)
                        )
                    )
                ))::DATE
            WHEN regexp_full_match(plain, '1\d{12}')
                THEN timezone('Asia/Shanghai', make_timestamptz(TRY_CAST(plain AS BIGINT) * 1000))::DATE
            WHEN regexp_full_match(plain, '1[0-8]\d{8}')
                THEN timezone('Asia/Shanghai', make_timestamptz(TRY_CAST(plain AS BIGINT) * 1000000))::DATE
            -- Serial numbers of five digits are 1927 to 2091; 2958465 is the last day there is.
            WHEN regexp_full_match(plain, '[1-6]\d{4}(\.\d+)?|2958465')
                THEN DATE '1899-12-30' + CAST(floor(CAST(plain AS DOUBLE)) AS INTEGER)
            WHEN english.year <> ''
                THEN CAST(try_strptime(concat_ws('-', english.day, english.month, english.year), ['%d-%b-%Y', '%d-%B-%Y']) AS DATE)
            WHEN american.year <> ''
                THEN CAST(try_strptime(concat_ws('-', american.day, american.month, american.year), ['%d-%b-%Y', '%d-%B-%Y']) AS DATE)
            WHEN $months AND month.year <> ''
                THEN TRY_CAST(concat_ws('-', month.year, month.month || month.digits, '1') AS DATE)
        END AS day
    FROM parted
)
SELECT
    place,
    CASE
        WHEN day BETWEEN $earliest AND DATE '2199-12-31'
            THEN CASE WHEN $months THEN date_trunc('month', day) ELSE day END
    END::DATE AS day,
    coalesce(
        year(day) = 9999
        OR day IN (DATE '0001-01-01', DATE '1899-12-30', DATE '1899-12-31', DATE '1900-01-01', DATE '2999-12-31'),
        false
    )
    OR regexp_full_match(said, '0+(\.0+)?|0{4}[-/.年]?0{1,2}([-/.月]?0{1,2}日?)?月?([T ].*)?|1900[-/.]0?1[-/.]0?0( .*)?')
    OR regexp_full_match(said, '9{6}|9{8}|9999[-/.]99([-/.]99)?')
    OR list_contains($words, lower(said)) AS says_none
FROM told
