"""What must be true of stock, orders and the catalogue."""

from mbois.invariants import Invariant

INVARIANTS = [
    Invariant(
        "stock_is_its_moves",
        "What is on hand of every variant is the sum of its stock moves.",
        """
        SELECT v.region_id, v.id, v.sku, v.on_hand, coalesce(m.total, 0) AS moves FROM market_variant v
        LEFT JOIN (SELECT region_id, variant_id, sum(quantity) AS total FROM market_stockmove GROUP BY 1, 2) m
          ON m.region_id = v.region_id AND m.variant_id = v.id
        WHERE v.on_hand <> coalesce(m.total, 0)
        """,
    ),
    Invariant(
        "reserved_is_what_orders_hold",
        "What is reserved of every variant is what lines of open orders hold, never more than is there.",
        """
        SELECT v.region_id, v.id, v.sku, v.reserved, coalesce(h.total, 0) AS held FROM market_variant v
        LEFT JOIN (
            SELECT l.region_id, l.variant_id, sum(l.held) AS total FROM market_orderline l
            JOIN market_order o ON o.region_id = l.region_id AND o.id = l.order_id
            WHERE l.held > 0 AND o.state IN ('placed', 'confirmed') GROUP BY 1, 2
        ) h ON h.region_id = v.region_id AND h.variant_id = v.id
        WHERE v.reserved <> coalesce(h.total, 0) OR v.reserved > v.on_hand
        """,
    ),
    Invariant(
        "order_adds_up",
        "The lines of every order add up to its goods, and each sent line left the stock once.",
        """
        SELECT o.region_id, o.code, o.goods, sum(l.quantity * l.price) AS lines FROM market_order o
        LEFT JOIN market_orderline l ON l.region_id = o.region_id AND l.order_id = o.id
        GROUP BY o.region_id, o.id, o.code, o.goods HAVING sum(l.quantity * l.price) IS DISTINCT FROM o.goods
        UNION ALL
        SELECT o.region_id, o.code, sum(l.taken), coalesce(max(m.gone), 0) FROM market_order o
        JOIN market_orderline l ON l.region_id = o.region_id AND l.order_id = o.id
        LEFT JOIN (SELECT region_id, source, -sum(quantity) AS gone FROM market_stockmove
                    WHERE why IN ('sold', 'returned') GROUP BY 1, 2) m
          ON m.region_id = o.region_id AND m.source = o.code
        GROUP BY o.region_id, o.id, o.code HAVING sum(l.taken) <> coalesce(max(m.gone), 0)
        """,
    ),
    Invariant(
        "catalogue_is_what_may_be_shown",
        "The catalogue holds exactly the products that may be shown: published, of an open shop with consent.",
        """
        SELECT coalesce(e.region_id, o.region_id) AS region_id, coalesce(e.product_id, o.product_id) AS product
        FROM market_catalogueentry e
        FULL JOIN market_offered o ON o.region_id = e.region_id AND o.product_id = e.product_id
        WHERE (e.shop_id, e.name, e.price_from, e.price_to, e.sellable_until, e.halal_until, e.cover_id, e.search)
              IS DISTINCT FROM
              (o.shop_id, o.name, o.price_from, o.price_to, o.sellable_until, o.halal_until, o.cover_id, o.search)
        """,
    ),
    Invariant(
        "sku_is_its_sellers",
        "Every variant belongs to the enterprise of its product.",
        """
        SELECT v.region_id, v.id, v.seller, p.enterprise_id FROM market_variant v
        JOIN market_product p ON p.region_id = v.region_id AND p.id = v.product_id
        WHERE v.seller <> p.enterprise_id
        """,
    ),
]
