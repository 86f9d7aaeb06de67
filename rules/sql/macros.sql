-- What every rule may call, beside the masks of schemas/masks.sql.
CREATE OR REPLACE TEMP MACRO as_of() AS DATE '{night}';
-- The province whose night it is: whose policy holds where no household is asked about.
CREATE OR REPLACE TEMP MACRO province() AS '{province}';
-- Whether there is a usable delivery of a type.
CREATE OR REPLACE TEMP MACRO delivered(name) AS {delivered};
-- Benefits, payments and exits are by the month: what ends in a month is due for the whole of it, from the first to the
-- last night. A protection holds while it is due; a doubt speaks of what goes on after this month, or has ended before it.
CREATE OR REPLACE TEMP MACRO this_month() AS date_trunc('month', as_of())::DATE;
CREATE OR REPLACE TEMP MACRO in_this_month(day) AS coalesce(date_trunc('month', day)::DATE = this_month(), false);
CREATE OR REPLACE TEMP MACRO due(ends_on) AS (ends_on IS NULL OR ends_on >= this_month());
CREATE OR REPLACE TEMP MACRO goes_on(ends_on) AS (ends_on IS NULL OR ends_on > last_day(as_of()));
-- What a person received in a month, against the monthly income they declared.
CREATE OR REPLACE TEMP MACRO undeclared_zh(name, month, what, received, declared) AS
    mask_name(name) || ' ' || strftime(month, '%Y-%m') || ' 领取' || what || ' ' || received || ' 元,申报月收入 ' || declared || ' 元';
CREATE OR REPLACE TEMP MACRO undeclared_en(name, month, what, received, declared) AS
    mask_name(name) || ' received ' || what || ' of ' || received || ' yuan in ' || strftime(month, '%Y-%m')
    || ' and declared ' || declared || ' a month';
