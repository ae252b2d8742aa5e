#!/bin/bash
# Run once by the database image, after roles.sql: the passwords that the containers sign in with, and the database.
set -euo pipefail
psql --username postgres --set ON_ERROR_STOP=1 --set owner="$OWNER_PASSWORD" --set web="$WEB_PASSWORD" <<'SQL'
alter role portal_owner password :'owner';
alter role portal_web password :'web';
create database portal owner portal_owner template portal_template;
SQL
