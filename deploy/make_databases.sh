#!/bin/sh
# The PostgreSQL image runs this once, on an empty volume. It makes a database and an owner for the review and for Airflow,
# and the review site's own login, which is a member of hedui_site only.
set -eu
for name in hedui airflow; do
    upper=$(printf '%s' "$name" | tr '[:lower:]' '[:upper:]')
    password=$(printenv "${upper}_DATABASE_PASSWORD")
    psql --set=ON_ERROR_STOP=1 --username postgres --set=name="$name" --set=password="$password" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name" ENCODING 'UTF8' TEMPLATE template0;
SQL
done
psql --set=ON_ERROR_STOP=1 --username postgres --set=password="$HEDUI_SITE_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE hedui_site NOLOGIN NOBYPASSRLS;
GRANT hedui_site TO hedui;
CREATE ROLE hedui_reviewers LOGIN NOBYPASSRLS PASSWORD :'password' IN ROLE hedui_site;
SQL
