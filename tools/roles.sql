-- Roles and the template database, for ./dev and for docker-compose.yml alike (psql syntax; run as superuser, once).
-- portal_owner migrates and owns every table; portal_web is what the running portal signs in as: it owns nothing,
-- so that no bug of the web can change a table's shape, and row-level security can hold for it.
create role portal_owner login createdb;
create role portal_web login;

-- PostGIS needs a superuser to be created; a database cloned from this template simply has it (test databases too).
create database portal_template is_template true;
\connect portal_template
create extension postgis;
create extension pg_trgm;
create extension btree_gist;
alter default privileges for role portal_owner grant select, insert, update, delete on tables to portal_web;
alter default privileges for role portal_owner grant usage, select on sequences to portal_web;
