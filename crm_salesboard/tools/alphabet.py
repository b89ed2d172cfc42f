from odoo.tools import SQL, remove_accents


def in_alphabetical_order(env, words):
    """Sort words as people who use the language look them up: ä is with a in German, after z in Swedish.

    PostgreSQL knows how (Unicode CLDR, by ICU). Where it was built without ICU accents and cases do not count.

    :param words: iterable of str
    :return: list of str
    """
    words = list(words)
    own = f"{(env.lang or 'en_US').replace('_', '-')}-x-icu"
    found = env.execute_query(
        SQL("SELECT collname FROM pg_collation WHERE collname IN (%s, 'und-x-icu') ORDER BY collname = %s", own, own)
    )
    if not words or not found:
        return sorted(words, key=lambda word: (remove_accents(word).casefold(), word))
    collation = SQL.identifier(found[-1][0])
    return [
        word
        for (word,) in env.execute_query(
            SQL("SELECT word FROM unnest(%s) AS word ORDER BY word COLLATE %s, word", words, collation)
        )
    ]
