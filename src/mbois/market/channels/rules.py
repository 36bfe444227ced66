"""The rules of every channel that has them, the shop page first."""

from mbois.market.channels.google_merchant.listing import RULES as GOOGLE
from mbois.market.channels.lazada.listing import RULES as LAZADA
from mbois.market.channels.listing import Rules
from mbois.market.channels.meta.listing import RULES as META
from mbois.market.channels.shop_page.listing import RULES as SHOP
from mbois.market.channels.shopee.listing import RULES as SHOPEE
from mbois.market.channels.tokopedia_shop.listing import RULES as TOKOPEDIA_SHOP

RULES: dict[str, Rules] = {rules.key: rules for rules in (SHOP, SHOPEE, TOKOPEDIA_SHOP, LAZADA, GOOGLE, META)}
