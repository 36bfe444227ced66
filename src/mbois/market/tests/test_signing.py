"""Requests are signed as each platform writes, and only its own pushes are believed."""

import hashlib
import hmac
from importlib import import_module

import pytest

SHOPEE = import_module("mbois.market.channels.shopee.signing")
TOKOPEDIA = import_module("mbois.market.channels.tokopedia_shop.signing")
LAZADA = import_module("mbois.market.channels.lazada.signing")
ALL = pytest.mark.parametrize("channel", [SHOPEE, TOKOPEDIA, LAZADA], ids=["shopee", "tokopedia", "lazada"])
HOOK = "https://mbois.example/kanal/35.73/1/kabar/"


def hexed(secret: str, *parts: bytes) -> str:
    """The digest, made the long way round: HMAC by its definition (RFC 2104)."""
    key = secret.encode()
    key = hashlib.sha256(key).digest() if len(key) > 64 else key
    key = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(sign ^ 0x36 for sign in key) + b"".join(parts)).digest()
    return hashlib.sha256(bytes(sign ^ 0x5C for sign in key) + inner).hexdigest()


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"partner_id": "2001887", "timestamp": "1655714431"}, "2001887/api/v2/x1655714431"),
        (
            {
                "partner_id": "2001887",
                "timestamp": "1655714431",
                "access_token": "59777174636562737266615546704c6d",
                "shop_id": "14701711",
            },
            "2001887/api/v2/x165571443159777174636562737266615546704c6d14701711",
        ),
        (
            {"partner_id": "1", "timestamp": "2", "access_token": "t", "merchant_id": "9"},
            "1/api/v2/x2t9",
        ),
        (
            {"partner_id": "1", "timestamp": "2", "access_token": "", "shop_id": "", "item_id": "5"},
            "1/api/v2/x2",
        ),
        ({"partner_id": "1", "timestamp": "2", "access_token": None, "shop_id": None}, "1/api/v2/x2"),
    ],
)
def test_shopee_signs_what_names_the_caller(params, text):
    assert SHOPEE.sign(secret="kunci", path="/api/v2/x", params=params, body="{}") == hexed(
        "kunci", text.encode()
    )


@pytest.mark.parametrize(
    ("params", "body", "text"),
    [
        ({"b": "2", "a": "1"}, "", "s/order/202309/orders/searcha1b2s"),
        (
            {"timestamp": "1696909648", "app_key": "68", "sign": "x", "access_token": "t"},
            '{"page":1}',
            's/order/202309/orders/searchapp_key68timestamp1696909648{"page":1}s',
        ),
        ({"q": "keripik pédas", "app_key": "1"}, "", "s/order/202309/orders/searchapp_key1qkeripik pédass"),
        ({}, "", "s/order/202309/orders/searchs"),
    ],
)
def test_tokopedia_and_shop_signs_everything_between_its_secret(params, body, text):
    assert TOKOPEDIA.sign(secret="s", path="/order/202309/orders/search", params=params, body=body) == hexed(
        "s", text.encode()
    )


@pytest.mark.parametrize(
    ("params", "body", "text"),
    [
        (
            {
                "sign_method": "sha256",
                "app_key": "123456",
                "timestamp": "1517820392000",
                "access_token": "test",
                "order_id": "1234",
                "sign": "x",
            },
            "",
            "/order/getaccess_tokentestapp_key123456order_id1234sign_methodsha256timestamp1517820392000",
        ),
        ({"b": "2", "B": "3", "a": "1"}, "<x/>", "/order/getB3a1b2<x/>"),
    ],
)
def test_lazada_signs_in_upper_case(params, body, text):
    made = LAZADA.sign(secret="helloworld", path="/order/get", params=params, body=body)
    assert made == hexed("helloworld", text.encode()).upper()


def test_the_known_answer_of_rfc_4231():
    """The second test case, cut so that path and parameters give its text."""
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    params = {"what do ya want ": "for nothing?"}
    assert LAZADA.sign(secret="Jefe", path="", params=params) == expected.upper()


def pushed(channel, secret: str, body: bytes) -> str:
    prefix = f"{HOOK}|".encode() if channel is SHOPEE else b"app-1"
    return hexed(secret, prefix, body)


def verified(channel, *, secret="rahasia", body=b"", authorization: object = "") -> bool:
    return channel.verify_webhook(
        secret=secret, url=HOOK, app_key="app-1", raw_body=body, authorization=authorization
    )


@ALL
@pytest.mark.parametrize(
    "body",
    [b'{"code":3,"shop_id":1}', b'{ "code" : 3 }\n', b"", b"\xff\xfe\x00 not text", "harga é".encode()],
)
def test_a_push_is_believed_over_its_raw_bytes(channel, body):
    right = pushed(channel, "rahasia", body)
    assert verified(channel, body=body, authorization=right)
    assert not verified(channel, body=body + b" ", authorization=right)
    assert not verified(channel, secret="lain", body=body, authorization=right)


@ALL
@pytest.mark.parametrize(
    "authorization", ["", "x", "é" * 64, "0" * 64, "\udcff", "Bearer x", " ", None, "١" * 64]
)
def test_what_is_no_signature_is_no_error_either(channel, authorization):
    assert verified(channel, body=b"{}", authorization=authorization) is False


@ALL
def test_nothing_is_believed_without_a_secret(channel):
    made = hmac.new(b"", (b"app-1" if channel is not SHOPEE else f"{HOOK}|".encode()) + b"{}", hashlib.sha256)
    assert verified(channel, secret="", body=b"{}", authorization=made.hexdigest()) is False


def test_only_lazada_writes_its_digits_in_either_case():
    for channel, believed in ((SHOPEE, False), (TOKOPEDIA, False), (LAZADA, True)):
        right = pushed(channel, "rahasia", b"{}")
        assert verified(channel, body=b"{}", authorization=right.upper()) is believed


def test_shopee_signs_the_address_too():
    right = pushed(SHOPEE, "rahasia", b"{}")
    assert not SHOPEE.verify_webhook(
        secret="rahasia", url=HOOK + "?x=1", app_key="", raw_body=b"{}", authorization=right
    )
