"""Codes of products, orders, jobs and campaigns: short enough to read out, and the region can be read from them."""

import re
import secrets

# Without the signs that are taken for one another, and without vowels: a code is never a word.
SIGNS = "23456789BCDFGHJKMNPQRSTVWXZ"
LENGTH = 6
PRODUCT, ORDER, JOB, CAMPAIGN = "P", "T", "J", "C"
_CODE = re.compile(rf"(?:^|-)([{PRODUCT}{ORDER}{JOB}{CAMPAIGN}]-\d{{4}}-[{SIGNS}]{{{LENGTH}}})$")


def new_code(letter: str, region_id: str) -> str:
    """`P-3573-K7M2X9`: one of 387 million of its letter and region, by chance. A unique constraint
    refuses the one that is taken."""
    return f"{letter}-{region_id.replace('.', '')}-" + "".join(secrets.choice(SIGNS) for _n in range(LENGTH))


def code_in(text: str) -> str:
    """The code at the end of an address such as `keripik-tempe-p-3573-k7m2x9`, or nothing."""
    match = _CODE.search(text.upper().replace("\x00", ""))
    return match[1] if match else ""
