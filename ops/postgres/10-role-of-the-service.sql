-- Creates the role and the database of the service, as a superuser:
--
--   HIVEGATE_PASSWORD_FILE=<file with the password> psql -U postgres -f 10-role-of-the-service.sql
--
-- The image of PostgreSQL runs the files in /docker-entrypoint-initdb.d when it creates its data.
-- The service creates and changes its own tables. It needs no more than to own its database.
\set ON_ERROR_STOP on
\set password `cat "$HIVEGATE_PASSWORD_FILE"`

CREATE ROLE hivegate LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'password';
CREATE DATABASE hivegate OWNER hivegate ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE hivegate FROM PUBLIC;
