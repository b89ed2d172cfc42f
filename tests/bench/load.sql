-- The projects of a benchmark: psql -d DATABASE -v size=100000 -v ours=false -f load.sql
--
-- The same projects, in every database and on every machine, as each value is a hash of the project's number; only the
-- dates are counted from the day it is run. Wants an empty database that prepare.py has prepared. With our addons
-- (ours=true) the columns that they store are filled in by the same statement, as a table that is filled and then
-- updated would be twice the size of the native one; check.py compares them with what the ORM makes of it.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';
SET work_mem = '128MB';

-- ---------------------------------------------------------------------------------------------------
-- Indexes are made, and foreign keys checked, once at the end
-- ---------------------------------------------------------------------------------------------------

CREATE TEMP TABLE loaded AS
SELECT to_regclass(name) AS name
  FROM unnest(ARRAY['crm_lead', 'crm_tag_rel', 'res_partner', 'mail_message', 'mail_followers',
                    'mail_followers_mail_message_subtype_rel', 'mail_activity', 'crm_lead_move']) AS name
 WHERE to_regclass(name) IS NOT NULL;
CREATE TEMP TABLE put_off AS
SELECT 1 AS place, format('DROP INDEX %s', ind.indexrelid::regclass) AS remove,
       pg_get_indexdef(ind.indexrelid) AS restore
  FROM pg_index ind JOIN loaded ON loaded.name = ind.indrelid
 WHERE NOT EXISTS (SELECT FROM pg_constraint con WHERE con.conindid = ind.indexrelid)
UNION ALL
SELECT 2, format('ALTER TABLE %s DROP CONSTRAINT %I', con.conrelid::regclass, con.conname),
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', con.conrelid::regclass, con.conname, pg_get_constraintdef(con.oid))
  FROM pg_constraint con JOIN loaded ON loaded.name = con.conrelid
 WHERE con.contype = 'f';
DO $$
DECLARE this record;
BEGIN
    FOR this IN SELECT remove FROM put_off LOOP
        EXECUTE this.remove;
    END LOOP;
END $$;

-- ---------------------------------------------------------------------------------------------------
-- What they are made of
-- ---------------------------------------------------------------------------------------------------

-- A number from 0 to 1, another one for each pair of numbers.
CREATE FUNCTION pg_temp.chance(number bigint, subject int) RETURNS float8
    IMMUTABLE PARALLEL SAFE LANGUAGE sql AS
    'SELECT (hashint8extended(number, subject) & 1073741823) / 1073741824.0::float8';
CREATE FUNCTION pg_temp.pick(among text[], number bigint, subject int) RETURNS text
    IMMUTABLE PARALLEL SAFE LANGUAGE sql AS
    'SELECT among[1 + floor(pg_temp.chance(number, subject) * cardinality(among))::int]';

CREATE TEMP TABLE base AS
SELECT value::jsonb AS settings, now()::timestamp(0) AS moment, current_date AS day, :size / 3 AS customers,
       (SELECT max(id) FROM res_partner) AS last_partner, (SELECT id FROM res_users WHERE login = 'admin') AS admin,
       (SELECT partner_id FROM res_users WHERE login = 'admin') AS author,
       (SELECT id FROM res_country WHERE code = 'DE') AS country, (SELECT min(id) FROM res_lang WHERE active) AS lang,
       (SELECT min(id) FROM res_company) AS company,
       (SELECT id FROM ir_model WHERE model = 'crm.lead') AS model,
       (SELECT res_id FROM ir_model_data WHERE module = 'crm' AND name = 'mt_lead_create') AS created,
       (SELECT res_id FROM ir_model_data WHERE module = 'mail' AND name = 'mt_comment') AS comment,
       ARRAY(SELECT res_id FROM ir_model_data WHERE module = 'mail'
                AND name IN ('mail_activity_data_call', 'mail_activity_data_todo') ORDER BY name) AS activity_types
  FROM ir_config_parameter WHERE key = 'bench.base';

CREATE TEMP TABLE seller AS
SELECT res_users.id, res_users.partner_id, substring(res_users.login FROM 7)::int - 1 AS number, partner.tz
  FROM res_users JOIN res_partner partner ON partner.id = res_users.partner_id
 WHERE res_users.login ~ '^seller[0-9]+$';

CREATE TEMP TABLE stage AS
SELECT stage.value::int AS id, stage.place::int - 1 AS place, (ARRAY[8, 20, 35, 55, 80, 100])[stage.place] AS weight,
       stage.place = 6 AS is_won
  FROM base CROSS JOIN LATERAL jsonb_array_elements_text(settings -> 'stages') WITH ORDINALITY AS stage (value, place);

-- ---------------------------------------------------------------------------------------------------
-- Customers, a third of them companies
-- ---------------------------------------------------------------------------------------------------

SELECT EXISTS (SELECT FROM information_schema.columns
                WHERE table_name = 'res_partner' AND column_name = 'customer_rank') AS with_accounting \gset
\if :with_accounting
\set accounting_columns ', supplier_rank, customer_rank, autopost_bills'
\set accounting_values ', 0, 0, ''ask'''
\else
\set accounting_columns ''
\set accounting_values ''
\endif

INSERT INTO res_partner (
    id, name, complete_name, commercial_partner_id, is_company, email, email_normalized, phone, phone_sanitized,
    street, zip, city, country_id, lang, type, color, active, employee, partner_share, message_bounce,
    create_uid, write_uid, create_date, write_date :accounting_columns)
SELECT base.last_partner + i, named.name, named.name, base.last_partner + i, i % 3 = 0, email, email,
       '+49 1512 ' || number, '+491512' || number,
       'Street ' || i % 500, lpad((i % 99999)::text, 5, '0'), 'City ' || i % 300, base.country, 'en_US', 'contact', 0,
       true, false, true, 0, base.admin, base.admin, made.at, made.at :accounting_values
  FROM base
 CROSS JOIN LATERAL generate_series(1, base.customers) AS i
 CROSS JOIN LATERAL (SELECT lpad((i::bigint * 7919 % 10000000)::text, 7, '0') AS number,
                            'person' || i || '@company' || i % 20011 || '.example.com' AS email) reached
 CROSS JOIN LATERAL (SELECT base.moment - pg_temp.chance(i, 11) * interval '6 years' AS at) made
 CROSS JOIN LATERAL (
    SELECT CASE WHEN i % 3 = 0
           THEN pg_temp.pick(ARRAY['Alder', 'Beacon', 'Cedar', 'Delta', 'Ember', 'Falcon', 'Granite'], i, 12) || ' '
             || pg_temp.pick(ARRAY['Works', 'Systems', 'Trading', 'Foods', 'Logistics', 'Textiles'], i, 13)
           ELSE pg_temp.pick(ARRAY['Anna', 'Boris', 'Clara', 'David', 'Elif', 'Farid', 'Greta', 'Hugo'], i, 12) || ' '
             || pg_temp.pick(ARRAY['Adler', 'Brandt', 'Costa', 'Dahl', 'Evans', 'Fischer', 'Garcia'], i, 13)
           END || ' ' || i AS name) named;
SELECT setval('res_partner_id_seq', max(id)) FROM res_partner \g /dev/null

-- ---------------------------------------------------------------------------------------------------
-- Projects
-- ---------------------------------------------------------------------------------------------------

\if :ours
CREATE TEMP TABLE place AS
SELECT stage.id AS stage_id, is_lost, col.id AS column_id, reached.id AS reached_id
  FROM stage CROSS JOIN (VALUES (false), (true)) AS lost (is_lost)
 CROSS JOIN base
  JOIN crm_team team ON team.id = (base.settings ->> 'team')::int
  JOIN crm_process_column reached ON reached.stage_id = stage.id
  JOIN crm_process_column col ON col.process_id = team.process_id
   AND CASE WHEN is_lost THEN col.kind = 'lost' ELSE col.stage_id = stage.id END;
\set our_columns ', board_column_id, board_date, actual_revenue, order_basis, date_last_touch, date_start'
\set our_columns :our_columns ', is_cancelled, is_restricted'
\set our_values ', place.column_id'
\set our_values :our_values ', CASE WHEN is_closed THEN (closed AT TIME ZONE ''UTC'' AT TIME ZONE seller.tz)::date'
\set our_values :our_values ' ELSE deadline END'
\set our_values :our_values ', CASE WHEN is_won THEN value ELSE 0 END, CASE WHEN is_won THEN ''-'' END'
\set our_values :our_values ', moved, made::date, false, false'
\set our_join 'JOIN place ON place.stage_id = deal.stage_id AND place.is_lost = deal.is_lost'
SELECT EXISTS (SELECT FROM information_schema.columns
                WHERE table_name = 'crm_lead' AND column_name = 'furthest_column_id') AS with_history \gset
\if :with_history
\set our_columns :our_columns ', furthest_column_id, funnel_date, column_since'
\set our_values :our_values ', place.reached_id, (made AT TIME ZONE ''UTC'' AT TIME ZONE seller.tz)::date'
\set our_values :our_values ', date_trunc(''second'', CASE WHEN is_closed THEN closed WHEN is_first THEN made ELSE moved END)'
\endif
\else
\set with_history false
\set our_columns ''
\set our_values ''
\set our_join ''
\endif

INSERT INTO crm_lead (
    id, name, type, active, user_id, team_id, company_id, stage_id, partner_id, contact_name, partner_name,
    email_from, email_normalized, email_domain_criterion, phone, phone_sanitized, phone_state, email_state,
    street, zip, city, country_id, lang_id, color, priority, description, expected_revenue, prorated_revenue,
    recurring_revenue, recurring_revenue_monthly, recurring_revenue_monthly_prorated, recurring_revenue_prorated,
    probability, automated_probability, won_status, lost_reason_id, date_deadline, date_open, date_closed,
    date_last_stage_update, day_open, day_close, message_bounce, create_uid, write_uid, create_date, write_date
    :our_columns)
SELECT i, deal.name, 'opportunity', NOT deal.is_lost, seller.id, team, base.company, deal.stage_id, customer.id,
       CASE WHEN NOT customer.is_company THEN customer.name END, CASE WHEN customer.is_company THEN customer.name END,
       customer.email, customer.email, '@' || split_part(customer.email, '@', 2), customer.phone,
       customer.phone_sanitized, 'correct', 'correct', customer.street, customer.zip, customer.city, base.country,
       base.lang, 0, priority,
       CASE WHEN i % 4 = 0 THEN '<p>' || repeat('What the customer needs, in a few words. ', 7) || '</p>' END,
       value, round(value * weight / 100, 2), 0, 0, 0, 0, weight, weight,
       CASE WHEN is_won THEN 'won' WHEN deal.is_lost THEN 'lost' ELSE 'pending' END,
       CASE WHEN deal.is_lost THEN lost_reason END, deadline, made, CASE WHEN is_closed THEN closed END, moved, 0,
       CASE WHEN is_closed THEN extract(day FROM closed - made) ELSE 0 END, 0, base.admin, seller.id, made, moved
       :our_values
  FROM base
 CROSS JOIN LATERAL (
    SELECT i, chosen.*, chosen.is_won OR is_lost AS is_closed,
           CASE WHEN chosen.is_won THEN 100 WHEN is_lost THEN 0
                ELSE greatest(1, least(99, chosen.percent + round(((pg_temp.chance(i, 21) - 0.5) * 10)::numeric, 2)))
           END AS weight,
           made + (moment - made) * pg_temp.chance(i, 22) AS moved,
           made + (moment - made) * pg_temp.chance(i, 22) AS closed
      FROM generate_series(1, :size) AS i
     CROSS JOIN LATERAL (SELECT width_bucket(pg_temp.chance(i, 23), ARRAY[0.35, 0.60, 0.75, 0.85, 0.90]) AS place) drawn
     CROSS JOIN LATERAL (
        SELECT stage.id AS stage_id, stage.is_won, stage.place = 0 AS is_first, stage.weight::numeric AS percent,
               NOT stage.is_won AND pg_temp.chance(i, 24) < 0.05 / 0.9 AS is_lost,
               floor(pg_temp.chance(i, 25) * 20)::int AS owner,
               1 + floor(pg_temp.chance(i, 26) * customers)::int AS customer,
               round((100 + pg_temp.chance(i, 27) * pg_temp.chance(i, 28) * 100000)::numeric, 2) AS value,
               (moment - pg_temp.chance(i, 29) * interval '730 days')::timestamp(0) AS made,
               CASE WHEN pg_temp.chance(i, 30) >= 0.1 THEN day + round((pg_temp.chance(i, 31) - 0.5) * 1096)::int
               END AS deadline,
               (width_bucket(pg_temp.chance(i, 32), ARRAY[0.6, 0.85, 0.95]))::text AS priority,
               (settings -> 'lost_reasons' ->> (i % 3))::int AS lost_reason, (settings ->> 'team')::int AS team,
               pg_temp.pick(
                   ARRAY['Website', 'Roll-out', 'Licences', 'Support', 'Training', 'Migration', 'Audit'], i, 33
               ) || ' ' || i AS name
          FROM stage WHERE stage.place = drawn.place) chosen
 ) deal
  JOIN seller ON seller.number = deal.owner
  JOIN res_partner customer ON customer.id = base.last_partner + deal.customer
  :our_join
 ORDER BY i;
SELECT setval('crm_lead_id_seq', max(id)) FROM crm_lead \g /dev/null

\if :with_history
-- From status to status, as long in each of them, until it stands where it is.
INSERT INTO crm_lead_move (lead_id, user_id, date, from_column_id, to_column_id, days)
SELECT lead.id, lead.user_id, lead.column_since - (steps - step.number) * stay, lag(step.column_id) OVER way,
       step.column_id, CASE WHEN step.number > 0 THEN extract(epoch FROM stay) / 86400 END
  FROM crm_lead lead
  JOIN stage ON stage.id = lead.stage_id
 CROSS JOIN LATERAL (
    SELECT passed.place AS number, place.column_id
      FROM stage passed JOIN place ON place.stage_id = passed.id AND NOT place.is_lost
     WHERE passed.place <= stage.place
     UNION ALL
    SELECT stage.place + 1, lead.board_column_id WHERE lead.won_status = 'lost'
 ) step
 CROSS JOIN LATERAL (SELECT stage.place + (lead.won_status = 'lost')::int AS steps) way_behind
 CROSS JOIN LATERAL (SELECT (lead.column_since - lead.create_date) / greatest(steps, 1) AS stay) spent
WINDOW way AS (PARTITION BY lead.id ORDER BY step.number)
 ORDER BY lead.id, step.number;
\endif

INSERT INTO crm_tag_rel (lead_id, tag_id)
SELECT i, (settings -> 'tags' ->> (i / 3 % 6))::int FROM base CROSS JOIN LATERAL generate_series(3, :size, 3) AS i;

-- ---------------------------------------------------------------------------------------------------
-- What hangs on them: the message of creation, the owner as follower, a call or a to-do on a quarter of the open ones
-- ---------------------------------------------------------------------------------------------------

INSERT INTO mail_message (
    res_id, model, message_type, subtype_id, author_id, email_from, reply_to, message_id, body, is_internal,
    date, create_uid, write_uid, create_date, write_date)
SELECT lead.id, 'crm.lead', 'notification', base.created, base.author, 'admin@example.com', 'admin@example.com',
       '<bench-lead-' || lead.id || '@example.com>', '', false,
       lead.create_date, base.admin, base.admin, lead.create_date, lead.create_date
  FROM base CROSS JOIN crm_lead lead ORDER BY lead.id;
INSERT INTO mail_message (
    res_id, model, message_type, subtype_id, author_id, email_from, reply_to, message_id, body, is_internal,
    date, create_uid, write_uid, create_date, write_date)
SELECT customer.id, 'res.partner', 'comment', base.comment,
       CASE WHEN customer.id % 5 = 0 THEN customer.id ELSE base.author END, customer.email, customer.email,
       '<bench-customer-' || customer.id || '@example.com>', '<p>Thank you, that helps.</p>', false,
       customer.create_date, base.admin, base.admin, customer.create_date, customer.create_date
  FROM base JOIN res_partner customer ON customer.id > base.last_partner ORDER BY customer.id;

WITH followers AS (
    INSERT INTO mail_followers (res_id, res_model, partner_id)
    SELECT lead.id, 'crm.lead', seller.partner_id
      FROM crm_lead lead JOIN seller ON seller.id = lead.user_id ORDER BY lead.id
    RETURNING id
)
INSERT INTO mail_followers_mail_message_subtype_rel (mail_followers_id, mail_message_subtype_id)
SELECT followers.id, base.comment FROM followers CROSS JOIN base;

INSERT INTO mail_activity (
    res_model_id, res_model, res_id, res_name, activity_type_id, user_id, summary, date_deadline, automated, active,
    create_uid, write_uid, create_date, write_date)
SELECT base.model, 'crm.lead', lead.id, lead.name, base.activity_types[1 + lead.id / 4 % 2], lead.user_id,
       'Ask for news', base.day + round((pg_temp.chance(lead.id, 41) - 0.5) * 60)::int, false, true,
       lead.user_id, lead.user_id, lead.create_date, lead.create_date
  FROM base CROSS JOIN crm_lead lead
 WHERE lead.won_status = 'pending' AND pg_temp.chance(lead.id, 42) < 0.25 ORDER BY lead.id;

-- ---------------------------------------------------------------------------------------------------
-- As the database would be after a while
-- ---------------------------------------------------------------------------------------------------

DO $$
DECLARE this record;
BEGIN
    FOR this IN SELECT restore FROM put_off ORDER BY place LOOP
        EXECUTE this.restore;
    END LOOP;
END $$;
SET client_min_messages = error;  -- those of the server's own tables that are skipped
VACUUM (ANALYZE);
