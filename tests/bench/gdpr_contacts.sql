-- Contacts without projects, after load.sql, until there are as many contacts as projects:
-- psql -d DATABASE -v size=100000 -f gdpr_contacts.sql
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';

CREATE TEMP TABLE put_off AS
SELECT format('DROP INDEX %s', ind.indexrelid::regclass) AS remove, pg_get_indexdef(ind.indexrelid) AS restore
  FROM pg_index ind
 WHERE ind.indrelid = 'res_partner'::regclass
   AND NOT EXISTS (SELECT FROM pg_constraint con WHERE con.conindid = ind.indexrelid);
DO $$
DECLARE this record;
BEGIN
    FOR this IN SELECT remove FROM put_off LOOP
        EXECUTE this.remove;
    END LOOP;
END $$;

INSERT INTO res_partner (
    id, name, complete_name, commercial_partner_id, is_company, email, email_normalized, phone, phone_sanitized,
    street, zip, city, country_id, lang, type, color, active, employee, partner_share, message_bounce,
    create_uid, write_uid, create_date, write_date)
SELECT other.id + other.step, named.name, named.name, other.id + other.step, other.is_company, reached.email,
       reached.email, '+49 1522 ' || reached.number, '+491522' || reached.number, other.street, other.zip, other.city,
       other.country_id, other.lang, other.type, 0, true, false, true, 0, other.create_uid, other.write_uid,
       other.create_date - interval '1 hour', other.write_date
  FROM (SELECT partner.*, copy * customers.number AS step
          FROM (SELECT count(*)::int AS number FROM res_partner WHERE email LIKE 'person%@company%') customers
         CROSS JOIN generate_series(1, 2) AS copy
          JOIN res_partner partner ON partner.email LIKE 'person%@company%') other
 CROSS JOIN LATERAL (SELECT 'contact' || other.id + other.step || '@' || split_part(other.email, '@', 2) AS email,
                            lpad(((other.id + other.step)::bigint * 7919 % 10000000)::text, 7, '0') AS number) reached
 CROSS JOIN LATERAL (
    SELECT split_part(other.name, ' ', 2) || ' ' || split_part(other.name, ' ', 1) || ' ' || other.id + other.step
           AS name) named
 ORDER BY 1;
SELECT setval('res_partner_id_seq', max(id)) FROM res_partner \g /dev/null

DO $$
DECLARE this record;
BEGIN
    FOR this IN SELECT restore FROM put_off LOOP
        EXECUTE this.restore;
    END LOOP;
END $$;
ANALYZE res_partner;
