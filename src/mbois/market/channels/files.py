"""Marketplaces that take sheets: what goes into each column, and what must be there before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from mbois.enterprises.models import Enterprise
from mbois.market.channels.e_katalog import sheet as e_katalog
from mbois.market.channels.padi_umkm import sheet as padi_umkm
from mbois.market.channels.sheets import Line, Need
from mbois.market.channels.shopee_template import sheet as shopee_template


@dataclass(frozen=True)
class FileChannel:
    """`columns` are ours where the marketplace gives no template; else the officer brings one and
    `headings` says what each field is called there."""

    key: str
    name: str
    about: object
    needs: Callable[[Enterprise], list[Need]]
    columns: Sequence[tuple[str, Callable[[Line], object]]] = ()
    headings: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def takes_template(self) -> bool:
        return bool(self.headings)


FILE_CHANNELS: dict[str, FileChannel] = {
    "shopee-massal": FileChannel(
        "shopee-massal",
        shopee_template.NAME,
        shopee_template.ABOUT,
        shopee_template.needs,
        headings=shopee_template.HEADINGS,
    ),
    "padi-umkm": FileChannel(
        "padi-umkm", padi_umkm.NAME, padi_umkm.ABOUT, padi_umkm.needs, columns=padi_umkm.COLUMNS
    ),
    "e-katalog": FileChannel(
        "e-katalog", e_katalog.NAME, e_katalog.ABOUT, e_katalog.needs, columns=e_katalog.COLUMNS
    ),
}
