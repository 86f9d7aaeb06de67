-- Before a night says what could not be checked: what the night before it said no longer holds.
UPDATE review_case SET not_checkable = '' WHERE not_checkable <> ''
