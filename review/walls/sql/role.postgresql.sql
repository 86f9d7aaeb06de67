-- The site's role owns nothing and bypasses nothing. It may exist already, made by the database's administrator.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hedui_site') THEN
        CREATE ROLE hedui_site NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION;
    END IF;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the role hedui_site is missing and % may not create it: have the database administrator run '
            'CREATE ROLE hedui_site NOLOGIN NOBYPASSRLS; GRANT hedui_site TO %', current_user, current_user;
END
$$
;;
-- So that whoever migrates can also run the site, taking the role for each transaction.
DO $$
BEGIN
    IF NOT pg_has_role(current_user, 'hedui_site', 'MEMBER') THEN
        EXECUTE format('GRANT hedui_site TO %I', current_user);
    END IF;
END
$$
;;
-- Who is looking: set for one transaction by the site; nobody when it is not set.
CREATE FUNCTION hedui_division() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT NULLIF(current_setting('hedui.division', true), '') $$
;;
CREATE FUNCTION hedui_reads() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT COALESCE(current_setting('hedui.role', true), '')
    IN ('township', 'county', 'city', 'province', 'auditor', 'engineer') $$
;;
CREATE FUNCTION hedui_acts() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT COALESCE(current_setting('hedui.role', true), '') IN ('township', 'county', 'city', 'province') $$
;;
-- Whether no case lies outside the account's division: then nothing has to be looked up row by row. It looks past the
-- walls, as its owner, and tells only that.
CREATE FUNCTION hedui_sees_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT COALESCE(
    (SELECT division FROM review_case ORDER BY division USING ~<~ LIMIT 1) ~>=~ hedui_division()
    AND (SELECT division FROM review_case ORDER BY division USING ~>~ LIMIT 1) ~<~ (hedui_division() || ':'),
    false
) $$
;;
GRANT USAGE ON SCHEMA public TO hedui_site
;;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO hedui_site
;;
GRANT SELECT ON review_night, review_evenhandedness, django_content_type, django_migrations TO hedui_site
;;
GRANT SELECT, INSERT, UPDATE ON accounts_account TO hedui_site
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON
    django_session, axes_accessattempt, axes_accesslog, axes_accessfailurelog, axes_accessattemptexpiration
TO hedui_site
