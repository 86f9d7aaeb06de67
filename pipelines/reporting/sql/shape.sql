-- The shape of a text, in which nobody is: every digit is a 0, every Han character 某, every letter an a or A.
CREATE OR REPLACE TEMP MACRO shape(words) AS
    regexp_replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(words, '\p{Lu}', 'A', 'g'),
                '\p{Ll}', 'a', 'g'
            ),
            '\p{N}', '0', 'g'
        ),
        '\p{Lo}', '某', 'g'
    )
