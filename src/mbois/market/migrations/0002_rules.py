"""What the database keeps by itself: stock from its moves, what is reserved from what orders hold,
the gates for food, and the catalogue."""

from django.db import migrations

STOCK = """
CREATE FUNCTION market_variant_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.on_hand <> 0 OR NEW.reserved <> 0 THEN
        RAISE EXCEPTION 'variant_stock_is_of_its_moves: a new variant begins with none'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'variant_stock_is_of_its_moves';
    END IF;
    SELECT enterprise_id INTO NEW.seller FROM market_product
     WHERE region_id = NEW.region_id AND id = NEW.product_id;
    RETURN NEW;
END
$$;
CREATE TRIGGER variant_begins BEFORE INSERT ON market_variant
    FOR EACH ROW EXECUTE FUNCTION market_variant_begins();

CREATE TRIGGER variant_stock_is_kept BEFORE UPDATE OF on_hand, reserved ON market_variant
    FOR EACH ROW WHEN (OLD.on_hand IS DISTINCT FROM NEW.on_hand OR OLD.reserved IS DISTINCT FROM NEW.reserved)
    EXECUTE FUNCTION places_only_triggers_write(
        'variant_stock_is_of_its_moves', 'write a stock move or let an order hold it');

-- Two records of one enterprise are merged: its products move, and so does whose their SKUs are.
CREATE FUNCTION market_product_has_a_new_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE market_variant v
       SET seller = NEW.enterprise_id,
           sku = CASE WHEN EXISTS (SELECT FROM market_variant o WHERE o.region_id = v.region_id
                                      AND o.seller = NEW.enterprise_id AND upper(o.sku) = upper(v.sku))
                      THEN left(v.sku, 24) || '-' || v.id ELSE v.sku END
     WHERE v.region_id = NEW.region_id AND v.product_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER product_has_a_new_owner AFTER UPDATE OF enterprise_id ON market_product
    FOR EACH ROW WHEN (OLD.enterprise_id IS DISTINCT FROM NEW.enterprise_id)
    EXECUTE FUNCTION market_product_has_a_new_owner();

CREATE FUNCTION market_stock_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE market_variant v SET on_hand = v.on_hand + s.change
      FROM (SELECT region_id, variant_id, sum(quantity)::integer AS change FROM moved
             GROUP BY region_id, variant_id) AS s
     WHERE v.region_id = s.region_id AND v.id = s.variant_id AND s.change <> 0;
    RETURN NULL;
END
$$;
CREATE TRIGGER stock_moved AFTER INSERT ON market_stockmove
    REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION market_stock_moved();

CREATE FUNCTION market_lines_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE market_variant v SET reserved = v.reserved + s.change
      FROM (SELECT region_id, variant_id, sum(held)::integer AS change FROM new_lines
             WHERE held > 0 GROUP BY region_id, variant_id) AS s
     WHERE v.region_id = s.region_id AND v.id = s.variant_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER lines_hold AFTER INSERT ON market_orderline
    REFERENCING NEW TABLE AS new_lines FOR EACH STATEMENT EXECUTE FUNCTION market_lines_hold();

CREATE FUNCTION market_lines_hold_other() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE market_variant v SET reserved = v.reserved + s.change
      FROM (SELECT region_id, variant_id, sum(held)::integer AS change
              FROM (SELECT region_id, variant_id, held FROM new_lines
                    UNION ALL SELECT region_id, variant_id, -held FROM old_lines) AS lines
             WHERE variant_id IS NOT NULL GROUP BY region_id, variant_id) AS s
     WHERE v.region_id = s.region_id AND v.id = s.variant_id AND s.change <> 0;
    RETURN NULL;
END
$$;
CREATE TRIGGER lines_hold_other AFTER UPDATE ON market_orderline
    REFERENCING OLD TABLE AS old_lines NEW TABLE AS new_lines
    FOR EACH STATEMENT EXECUTE FUNCTION market_lines_hold_other();
"""

UNDO_STOCK = """
DROP TRIGGER lines_hold_other ON market_orderline;
DROP FUNCTION market_lines_hold_other();
DROP TRIGGER lines_hold ON market_orderline;
DROP FUNCTION market_lines_hold();
DROP TRIGGER stock_moved ON market_stockmove;
DROP FUNCTION market_stock_moved();
DROP TRIGGER product_has_a_new_owner ON market_product;
DROP FUNCTION market_product_has_a_new_owner();
DROP TRIGGER variant_stock_is_kept ON market_variant;
DROP TRIGGER variant_begins ON market_variant;
DROP FUNCTION market_variant_begins();
"""

ORDERS = """
CREATE FUNCTION market_order_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lines bigint;
    holding integer;
    now_state text;
BEGIN
    SELECT state INTO now_state FROM market_order WHERE region_id = NEW.region_id AND id = NEW.id;
    SELECT sum(quantity * price), sum(held) INTO lines, holding
      FROM market_orderline WHERE region_id = NEW.region_id AND order_id = NEW.id;
    IF lines IS DISTINCT FROM NEW.goods THEN
        RAISE EXCEPTION 'order_lines_add_up: order % of % has lines of %', NEW.code, NEW.goods, lines
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_lines_add_up';
    END IF;
    IF holding > 0 AND now_state NOT IN ('placed', 'confirmed') THEN
        RAISE EXCEPTION 'order_over_holds_nothing: order % is % and holds %', NEW.code, now_state, holding
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_over_holds_nothing';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER order_is_whole AFTER INSERT OR UPDATE OF state, goods ON market_order
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION market_order_is_whole();
"""

UNDO_ORDERS = """
DROP TRIGGER order_is_whole ON market_order;
DROP FUNCTION market_order_is_whole();
"""

FOOD = """
CREATE FUNCTION market_food_has_its_licence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM enterprises_licence l
         WHERE l.region_id = NEW.region_id AND l.enterprise_id = NEW.enterprise_id
           AND l.kind IN ('pirt', 'bpom')
           AND (l.expires_on IS NULL
                OR l.expires_on >= (NEW.published_at AT TIME ZONE 'Asia/Jakarta')::date)) THEN
        RAISE EXCEPTION 'product_food_has_its_licence: % is food and its maker has no valid P-IRT', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'product_food_has_its_licence';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER food_has_its_licence BEFORE INSERT OR UPDATE OF state, is_food, published_at ON market_product
    FOR EACH ROW WHEN (NEW.state = 'published' AND NEW.is_food)
    EXECUTE FUNCTION market_food_has_its_licence();
"""

# What a name says of itself, read as Indonesian names a thing: first what it is, then what it is like.
SAID = """
-- The word of food that a name begins with ("Keripik Tempe Pedas": keripik tempe); '' where it is another
-- thing before ("Batik Motif Keripik"); NULL where no word is known. Farms, shops and eating places are
-- passed over: what they sell is no processed food, or another word says which.
CREATE FUNCTION market_food_named(said text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    words text[] := regexp_split_to_array(lower(normalize(said, NFKC)), '[^[:alnum:]]+');
    parts text[] := '{}';
    found text;
BEGIN
    FOR place IN 1 .. cardinality(words) LOOP
        FOR length IN REVERSE least(4, cardinality(words) - place + 1) .. 1 LOOP
            parts := parts || array_to_string(words[place:place + length - 1], ' ')
                           || array_to_string(words[place:place + length - 1], '-');
        END LOOP;
    END LOOP;
    SELECT CASE WHEN k.code ~ '^1[01]' THEN w.word ELSE '' END INTO found
      FROM enterprises_kbliword w
      JOIN enterprises_kbli k ON k.id = w.kbli_id
           AND (k.code BETWEEN '10' AND '34' OR k.code >= '57') AND k.code !~ '^108'
     WHERE w.word = ANY (parts)
     ORDER BY array_position(parts, w.word::text), k.code LIMIT 1;
    RETURN found;
END
$$;

-- Why a product that is not marked as food seems to be some: the word of its name; '' where its name says
-- nothing and its maker makes food; NULL where nothing speaks for it. Fresh produce has no maker.
CREATE FUNCTION market_food_sign(of_region text, maker bigint, said text, of_category text)
RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    word text := market_food_named(said);
BEGIN
    IF word <> '' THEN
        RETURN word;
    END IF;
    IF word IS NULL AND of_category <> 'produce' AND EXISTS (
        SELECT FROM enterprises_enterprise e JOIN enterprises_kbli k ON k.id = e.kbli_id
         WHERE e.region_id = of_region AND e.id = maker AND k.code ~ '^1[01]' AND k.code !~ '^108') THEN
        RETURN '';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION market_food_is_called_food() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF market_food_sign(NEW.region_id, NEW.enterprise_id, NEW.name, NEW.category) IS NOT NULL THEN
        RAISE EXCEPTION 'product_says_whether_it_is_food: % seems to be food', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'product_says_whether_it_is_food';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER food_is_called_food
    BEFORE INSERT OR UPDATE OF state, is_food, not_food_at, name, category ON market_product
    FOR EACH ROW WHEN (NEW.state = 'published' AND NOT NEW.is_food AND NEW.not_food_at IS NULL)
    EXECUTE FUNCTION market_food_is_called_food();
"""

UNDO_SAID = """
DROP TRIGGER food_is_called_food ON market_product;
DROP FUNCTION market_food_is_called_food();
DROP FUNCTION market_food_sign(text, bigint, text, text);
DROP FUNCTION market_food_named(text);
"""

UNDO_FOOD = """
DROP TRIGGER food_has_its_licence ON market_product;
DROP FUNCTION market_food_has_its_licence();
"""

CATALOGUE = """
-- What may be shown to everybody now, worked out from the rows it depends on.
CREATE VIEW market_offered AS
SELECT p.region_id, p.id AS product_id, s.id AS shop_id, p.name, p.category, e.subsector,
       coalesce(village.parent_id, village.code) AS district_id,
       coalesce(e.latitude, village.latitude, district.latitude) AS latitude,
       coalesce(e.longitude, village.longitude, district.longitude) AS longitude,
       price.lowest AS price_from, price.highest AS price_to,
       CASE WHEN p.is_food THEN food.until ELSE date '9999-12-31' END AS sellable_until,
       certified.halal AS halal_until, certified.any_kind AS certified_until,
       cover.picture_id AS cover_id, p.published_at,
       lower(concat_ws(' ', p.name, p.brand, e.name, village.name, district.name,
             (SELECT string_agg(value, ' ') FROM jsonb_each_text(p.attributes)),
             left(p.description, 200))) AS search
  FROM market_product p
  JOIN market_shop s ON s.region_id = p.region_id AND s.enterprise_id = p.enterprise_id AND s.is_open
  JOIN people_consent c ON c.region_id = s.region_id AND c.id = s.consent_id AND c.withdrawn_at IS NULL
  JOIN enterprises_enterprise e ON e.region_id = p.region_id AND e.id = p.enterprise_id
       AND e.state = 'verified'
  JOIN places_area village ON village.code = e.village_id
  LEFT JOIN places_area district ON district.code = village.parent_id
  JOIN LATERAL (SELECT min(v.price) AS lowest, max(v.price) AS highest FROM market_variant v
                 WHERE v.region_id = p.region_id AND v.product_id = p.id AND v.active) price
       ON price.lowest IS NOT NULL
  LEFT JOIN LATERAL (SELECT max(coalesce(l.expires_on, date '9999-12-31')) AS until
                       FROM enterprises_licence l
                      WHERE p.is_food AND l.region_id = p.region_id
                        AND l.enterprise_id = p.enterprise_id AND l.kind IN ('pirt', 'bpom')) food ON true
  LEFT JOIN LATERAL (SELECT max(coalesce(l.expires_on, date '9999-12-31'))
                                FILTER (WHERE l.kind = 'halal') AS halal,
                            max(coalesce(l.expires_on, date '9999-12-31'))
                                FILTER (WHERE l.kind IN ('halal', 'pirt', 'bpom', 'sni')) AS any_kind
                       FROM market_certificate m
                       JOIN enterprises_licence l ON l.region_id = m.region_id AND l.id = m.licence_id
                      WHERE m.region_id = p.region_id AND m.product_id = p.id
                        AND l.enterprise_id = p.enterprise_id) certified ON true
  LEFT JOIN LATERAL (SELECT f.picture_id FROM market_productphoto f
                      WHERE f.region_id = p.region_id AND f.product_id = p.id
                      ORDER BY f.position, f.id LIMIT 1) cover ON true
 WHERE p.state = 'published' AND (NOT p.is_food OR food.until IS NOT NULL);

CREATE FUNCTION market_refresh_entries(of_region text, products bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    concerned bigint[];
BEGIN
    -- a draft that nobody has seen changes nothing here
    SELECT array_agg(p.id) INTO concerned FROM market_product p
     WHERE p.region_id = of_region AND p.id = ANY (products)
       AND (p.state = 'published' OR EXISTS (
            SELECT FROM market_catalogueentry e WHERE e.region_id = of_region AND e.product_id = p.id));
    IF concerned IS NULL THEN
        RETURN;
    END IF;
    DELETE FROM market_catalogueentry e
     WHERE e.region_id = of_region AND e.product_id = ANY (concerned)
       AND NOT EXISTS (SELECT FROM market_offered o
                        WHERE o.region_id = of_region AND o.product_id = e.product_id);
    INSERT INTO market_catalogueentry AS e (region_id, product_id, shop_id, name, category, subsector,
           district_id, latitude, longitude, price_from, price_to, sellable_until, halal_until,
           certified_until, cover_id, published_at, search)
    SELECT o.region_id, o.product_id, o.shop_id, o.name, o.category, o.subsector,
           o.district_id, o.latitude, o.longitude, o.price_from, o.price_to, o.sellable_until, o.halal_until,
           o.certified_until, o.cover_id, o.published_at, o.search
      FROM market_offered o WHERE o.region_id = of_region AND o.product_id = ANY (concerned)
     ORDER BY o.product_id
    ON CONFLICT (region_id, product_id) DO UPDATE SET
           shop_id = excluded.shop_id, name = excluded.name, category = excluded.category,
           subsector = excluded.subsector, district_id = excluded.district_id,
           latitude = excluded.latitude, longitude = excluded.longitude,
           price_from = excluded.price_from, price_to = excluded.price_to,
           sellable_until = excluded.sellable_until, halal_until = excluded.halal_until,
           certified_until = excluded.certified_until, cover_id = excluded.cover_id,
           published_at = excluded.published_at, search = excluded.search
     WHERE (e.shop_id, e.name, e.category, e.subsector, e.district_id, e.latitude, e.longitude, e.price_from,
            e.price_to, e.sellable_until, e.halal_until, e.certified_until, e.cover_id, e.published_at, e.search)
           IS DISTINCT FROM
           (excluded.shop_id, excluded.name, excluded.category, excluded.subsector, excluded.district_id,
            excluded.latitude, excluded.longitude, excluded.price_from, excluded.price_to,
            excluded.sellable_until, excluded.halal_until, excluded.certified_until, excluded.cover_id,
            excluded.published_at, excluded.search);
END
$$;

CREATE FUNCTION market_entries_of_products() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM market_refresh_entries(region_id, array_agg(id)) FROM changed GROUP BY region_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER entries_of_new_products AFTER INSERT ON market_product
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION market_entries_of_products();
CREATE TRIGGER entries_of_products AFTER UPDATE ON market_product
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION market_entries_of_products();

CREATE FUNCTION market_entries_of_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM market_refresh_entries(region_id, array_agg(DISTINCT product_id)) FROM changed GROUP BY region_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER entries_of_new_variants AFTER INSERT ON market_variant
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION market_entries_of_parts();
CREATE TRIGGER entries_without_variants AFTER DELETE ON market_variant
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION market_entries_of_parts();
CREATE TRIGGER entries_of_new_photos AFTER INSERT ON market_productphoto
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION market_entries_of_parts();
CREATE TRIGGER entries_of_photos AFTER UPDATE ON market_productphoto
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION market_entries_of_parts();
CREATE TRIGGER entries_without_photos AFTER DELETE ON market_productphoto
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION market_entries_of_parts();
CREATE TRIGGER entries_of_new_certificates AFTER INSERT ON market_certificate
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION market_entries_of_parts();
CREATE TRIGGER entries_without_certificates AFTER DELETE ON market_certificate
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION market_entries_of_parts();

-- A sale changes a variant's stock and nothing that stands in the catalogue.
CREATE FUNCTION market_entries_of_variants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM market_refresh_entries(n.region_id, array_agg(DISTINCT n.product_id))
       FROM changed n JOIN before o ON o.id = n.id
      WHERE (n.price, n.active, n.product_id) IS DISTINCT FROM (o.price, o.active, o.product_id)
      GROUP BY n.region_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER entries_of_variants AFTER UPDATE ON market_variant
    REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION market_entries_of_variants();

CREATE FUNCTION market_entries_of_sellers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM market_refresh_entries(p.region_id, array_agg(p.id))
       FROM market_product p
      WHERE p.state = 'published'
        AND (p.region_id, p.enterprise_id) IN (SELECT region_id, enterprise_id FROM changed)
      GROUP BY p.region_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER entries_of_new_shops AFTER INSERT ON market_shop
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION market_entries_of_sellers();
CREATE TRIGGER entries_of_shops AFTER UPDATE ON market_shop
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION market_entries_of_sellers();
CREATE TRIGGER market_entries_of_new_licences AFTER INSERT ON enterprises_licence
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION market_entries_of_sellers();
CREATE TRIGGER market_entries_of_licences AFTER UPDATE ON enterprises_licence
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION market_entries_of_sellers();
CREATE TRIGGER market_entries_before_licences AFTER UPDATE ON enterprises_licence
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION market_entries_of_sellers();
CREATE TRIGGER market_entries_without_licences AFTER DELETE ON enterprises_licence
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION market_entries_of_sellers();

CREATE FUNCTION market_entries_of_enterprises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM market_refresh_entries(p.region_id, array_agg(p.id))
       FROM changed n
       JOIN before o ON o.id = n.id
       JOIN market_product p ON p.region_id = n.region_id AND p.enterprise_id = n.id AND p.state = 'published'
      WHERE (n.state, n.name, n.subsector, n.village_id, n.latitude, n.longitude)
            IS DISTINCT FROM (o.state, o.name, o.subsector, o.village_id, o.latitude, o.longitude)
      GROUP BY p.region_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER market_entries_of_enterprises AFTER UPDATE ON enterprises_enterprise
    REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION market_entries_of_enterprises();

CREATE FUNCTION market_entries_of_consents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM market_refresh_entries(p.region_id, array_agg(p.id))
       FROM changed n
       JOIN before o ON o.id = n.id
       JOIN market_shop s ON s.region_id = n.region_id AND s.consent_id = n.id
       JOIN market_product p ON p.region_id = s.region_id AND p.enterprise_id = s.enterprise_id
            AND p.state = 'published'
      WHERE n.withdrawn_at IS DISTINCT FROM o.withdrawn_at
      GROUP BY p.region_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER market_entries_of_consents AFTER UPDATE ON people_consent
    REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION market_entries_of_consents();

CREATE FUNCTION market_entry_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO market_catalogueword (region_id, word)
    SELECT DISTINCT n.region_id, w.word
      FROM new_entries n, LATERAL regexp_split_to_table(n.search, '[^[:alnum:]]+') w(word)
     WHERE length(w.word) BETWEEN 3 AND 40 AND w.word !~ '^[0-9]+$'
       AND NOT EXISTS (SELECT FROM market_catalogueword s
                        WHERE s.region_id = n.region_id AND s.word = w.word);
    RETURN NULL;
END
$$;
CREATE TRIGGER entry_words_new AFTER INSERT ON market_catalogueentry
    REFERENCING NEW TABLE AS new_entries FOR EACH STATEMENT EXECUTE FUNCTION market_entry_words();
CREATE TRIGGER entry_words_changed AFTER UPDATE ON market_catalogueentry
    REFERENCING NEW TABLE AS new_entries FOR EACH STATEMENT EXECUTE FUNCTION market_entry_words();
"""

UNDO_CATALOGUE = """
DROP TRIGGER entry_words_changed ON market_catalogueentry;
DROP TRIGGER entry_words_new ON market_catalogueentry;
DROP FUNCTION market_entry_words();
DROP TRIGGER market_entries_of_consents ON people_consent;
DROP FUNCTION market_entries_of_consents();
DROP TRIGGER market_entries_of_enterprises ON enterprises_enterprise;
DROP FUNCTION market_entries_of_enterprises();
DROP TRIGGER market_entries_without_licences ON enterprises_licence;
DROP TRIGGER market_entries_before_licences ON enterprises_licence;
DROP TRIGGER market_entries_of_licences ON enterprises_licence;
DROP TRIGGER market_entries_of_new_licences ON enterprises_licence;
DROP TRIGGER entries_of_shops ON market_shop;
DROP TRIGGER entries_of_new_shops ON market_shop;
DROP FUNCTION market_entries_of_sellers();
DROP TRIGGER entries_of_variants ON market_variant;
DROP FUNCTION market_entries_of_variants();
DROP TRIGGER entries_without_certificates ON market_certificate;
DROP TRIGGER entries_of_new_certificates ON market_certificate;
DROP TRIGGER entries_without_photos ON market_productphoto;
DROP TRIGGER entries_of_photos ON market_productphoto;
DROP TRIGGER entries_of_new_photos ON market_productphoto;
DROP TRIGGER entries_without_variants ON market_variant;
DROP TRIGGER entries_of_new_variants ON market_variant;
DROP FUNCTION market_entries_of_parts();
DROP TRIGGER entries_of_products ON market_product;
DROP TRIGGER entries_of_new_products ON market_product;
DROP FUNCTION market_entries_of_products();
DROP FUNCTION market_refresh_entries(text, bigint[]);
DROP VIEW market_offered;
"""


class Migration(migrations.Migration):
    dependencies = [("market", "0001_initial"), ("places", "0002_rules")]
    operations = [
        migrations.RunSQL(STOCK, UNDO_STOCK),
        migrations.RunSQL(ORDERS, UNDO_ORDERS),
        migrations.RunSQL(FOOD, UNDO_FOOD),
        migrations.RunSQL(SAID, UNDO_SAID),
        migrations.RunSQL(CATALOGUE, UNDO_CATALOGUE),
    ]
