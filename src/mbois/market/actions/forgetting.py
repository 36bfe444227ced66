"""Buyers are forgotten a year after their order: what they gave is no longer needed, the figures are."""

from datetime import timedelta

from django.db import connection, transaction

from mbois import clock

KEPT_FOR = timedelta(days=365)
_AT_ONCE = 1_000

_ORDERS = """
WITH old AS (
    SELECT region_id, id FROM market_order
     WHERE placed_at < %(before)s AND (buyer_name <> '' OR buyer_phone <> '' OR buyer_address <> '' OR note <> '')
     ORDER BY region_id, id LIMIT %(most)s FOR NO KEY UPDATE SKIP LOCKED)
UPDATE market_order o SET buyer_name = '', buyer_phone = '', buyer_address = '', note = ''
  FROM old WHERE o.region_id = old.region_id AND o.id = old.id
RETURNING o.id
"""
# What was written of them before, and what sellers were told.
_EARLIER = """
UPDATE market_orderevent SET buyer_name = '', buyer_phone = '', buyer_address = '', note = ''
 WHERE pgh_obj_id = ANY(%(orders)s)
   AND (buyer_name <> '' OR buyer_phone <> '' OR buyer_address <> '' OR note <> '')
"""
_MESSAGES = """
UPDATE people_notification SET context = context || '{"buyer": "–"}'
 WHERE key LIKE 'market/%%' AND made_at < %(before)s AND context ->> 'buyer' <> '–'
"""


def forget_buyers() -> int:
    """Erase names, phones, addresses and notes of buyers of orders placed more than KEPT_FOR ago, wherever
    they stand; says of how many orders. Again is no harm."""
    before = clock.now() - KEPT_FOR
    done = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_ORDERS, {"before": before, "most": _AT_ONCE})
            keys = [key for (key,) in cursor.fetchall()]
            cursor.execute(_EARLIER, {"orders": keys})
        done += len(keys)
        if not keys:
            break
    with connection.cursor() as cursor:
        cursor.execute(_MESSAGES, {"before": before})
    return done
