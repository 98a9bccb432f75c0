#!/bin/sh
# One database for each service, each with an account of its own that cannot look into the others. The PostgreSQL image runs
# this once, when its data folder is empty; running it again changes nothing but the passwords.
set -eu

for name in ${SERVICE_DATABASES:-catalog authors reviews inventory orders}; do
  psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --set name="$name" --set password="$SERVICE_PASSWORD" \
    --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
select format('create role %I login', :'name')
where not exists (select from pg_roles where rolname = :'name') \gexec
alter role :"name" password :'password';
select format('create database %I owner %I', :'name', :'name')
where not exists (select from pg_database where datname = :'name') \gexec
revoke connect, temporary on database :"name" from public;
SQL
done
