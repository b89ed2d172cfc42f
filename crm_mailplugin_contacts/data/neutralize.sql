-- a copy of the database leaves the mailboxes of the company's people alone
UPDATE res_users_settings
   SET outlook_contacts_token = NULL,
       outlook_contacts_rtoken = NULL;

UPDATE crm_outlook_connection
   SET state = 'broken',
       error = 'grant';
