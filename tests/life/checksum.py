"""Whether rows are as they were: a checksum per column of a table."""

from contextlib import closing

from psycopg2 import sql

# What a company has in CRM and around it.
TABLES = (
    "calendar_event",
    "crm_lead",
    "crm_lost_reason",
    "crm_stage",
    "crm_tag",
    "crm_team",
    "crm_team_member",
    "mail_activity",
    "mail_alias",
    "mail_followers",
    "mail_message",
    "mailing_mailing",
    "mailing_trace",
    "account_move",
    "account_move_line",
    "res_company",
    "res_partner",
    "res_users",
    "sale_order",
    "sale_order_line",
    "utm_campaign",
    "utm_medium",
    "utm_source",
    "utm_stage",
    "utm_tag",
)
# As with addons of Odoo's own, administrators are put into the groups of an addon, which is noted on their contacts.
GROUPS_GIVEN = ["res_partner.write_date"]


class Rows:
    """The rows that tables have at a moment, column by column; what is added later is none of them.

    :param installation: whose database it is
    """

    def __init__(self, installation):
        with closing(installation.connect()) as connection, connection.cursor() as cursor:
            self.columns = _columns(cursor)
            self.last = {table: _last(cursor, table) for table in self.columns}
            self.sums = self._sums(cursor, self.columns)

    def changed(self, installation):
        """The columns whose values are not what they were.

        :param installation: whose database is looked at now, that one or a copy of it
        :return: sorted list of ``table.column``; ``table.*`` where rows are missing
        """
        with closing(installation.connect()) as connection, connection.cursor() as cursor:
            there = _columns(cursor)
            kept = {
                table: [column for column in columns if column in there.get(table, ())]
                for table, columns in self.columns.items()
            }
            sums = self._sums(cursor, kept)
        gone = {
            f"{table}.{column}"
            for table, columns in self.columns.items()
            for column in set(columns).difference(kept[table])
        }
        return sorted(gone | {name for name, value in sums.items() if value != self.sums[name]})

    def _sums(self, cursor, columns_of):
        sums = {}
        for table, columns in columns_of.items():
            digests = [
                sql.SQL("md5(string_agg(coalesce(md5({column}::text), '-'), '' ORDER BY id))").format(
                    column=sql.Identifier(column)
                )
                for column in columns
            ]
            query = sql.SQL("SELECT count(*), {digests} FROM {table} WHERE id <= %s").format(
                digests=sql.SQL(", ").join(digests), table=sql.Identifier(table)
            )
            cursor.execute(query, [self.last[table]])
            count, *values = cursor.fetchone()
            sums[f"{table}.*"] = count
            sums.update(zip((f"{table}.{column}" for column in columns), values, strict=True))
        return sums


def _columns(cursor):
    cursor.execute(
        """
        SELECT table_name, array_agg(column_name::text ORDER BY column_name::text) FROM information_schema.columns
         WHERE table_schema = current_schema AND table_name IN %s GROUP BY table_name
        """,
        [TABLES],
    )
    return dict(cursor.fetchall())


def _last(cursor, table):
    cursor.execute(sql.SQL("SELECT coalesce(max(id), 0) FROM {}").format(sql.Identifier(table)))
    return cursor.fetchone()[0]
