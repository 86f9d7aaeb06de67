-- What could not be checked of one household, with its case; of one without a case nobody asks.
UPDATE review_case SET not_checkable = %s WHERE scheme = %s AND household_id = %s
