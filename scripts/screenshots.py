"""Makes the pictures of docs/ from a running demo city: `make demo`, then
`.venv/bin/python scripts/screenshots.py [--url http://127.0.0.1:8000] [--only teller] [--language en]`.

Nothing is changed in the demo: each picture is a page that somebody reads. The same demo city on the
same day gives the same pictures.
"""

import argparse
import io
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 720},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
MOST_BYTES = 200_000


@dataclass(frozen=True)
class Shot:
    """A picture: of a page, as somebody sees it (a name or a place on the sign-in page), on a device.

    `first` is a pattern of links on that page, their path and their words: the picture is of the first
    one's page, `then` added to its address (`{last}` is the last part of it). `further` is followed
    from there.
    """

    name: str
    path: str
    who: str = ""
    device: str = "desktop"
    first: str = ""
    then: str = ""
    further: str = ""


# Whom one is: a name, or the place of a role (its number on the sign-in page of Kota Malang).
ROLES = [
    *("village-officer", "agency-officer", "field-officer", "assessor", "approver"),
    *("teller", "auditor", "region-admin", "executive", "mentor", "coordinator", "creator"),
    *("keeper", "organiser", "curator", "incubator", "reviewer"),
]
APPLICATION = r"/pengajuan/A-[0-9-]+/ "
LOAN = r"/pinjaman/L-[0-9-]+/ "
SHOTS = [
    Shot("landing", "/"),
    Shot("landing-phone", "/", device="phone"),
    Shot("sign-in", "/akun/masuk/"),
    Shot("owner-home", "/beranda/", "Sri Wahyuni", "phone"),
    Shot("owner-loan", "/pinjaman/saya/", "Sri Wahyuni", "phone"),
    Shot("village-officer", "/usaha/periksa/", "village-officer"),
    Shot(
        "village-officer-phone", "/usaha/periksa/", "village-officer", "phone", first=r"/usaha/U-[0-9-]+/.*"
    ),
    Shot("agency-officer", "/usaha/kembar/", "agency-officer", first=r"/usaha/kembar/\d+/ "),
    Shot("agency-officer-import", "/usaha/impor/", "agency-officer"),
    Shot("field-officer", "/kunjungan/", "field-officer", "phone"),
    Shot("field-officer-visit", "/kunjungan/", "field-officer", "phone", first=r"/kunjungan/A-[0-9-]+/ "),
    Shot("field-officer-collect", "/tagihan/", "field-officer", "phone", first=r"/tagihan/L-[0-9-]+/ "),
    Shot("assessor", "/pengajuan/?lihat=giliran", "assessor", first=APPLICATION, then="nilai/"),
    Shot("approver", "/pengajuan/?lihat=giliran", "approver", first=APPLICATION, then="putuskan/"),
    Shot("teller", "/pinjaman/?keadaan=terlambat", "teller", first=LOAN, then="../../teller/{last}/"),
    Shot("teller-disburse", "/pengajuan/?lihat=giliran", "teller", first=APPLICATION),
    Shot("auditor", "/buku/35.73/", "auditor"),
    Shot("auditor-loan", "/pinjaman/?keadaan=terlambat", "auditor", first=LOAN),
    Shot("region-admin", "/kelola/anggota/", "region-admin"),
    Shot("region-admin-scheme", "/skema/", "region-admin"),
    Shot("executive", "/beranda/", "executive"),
    Shot("owner-cash-book", "/kas/", "Sri Wahyuni", "phone"),
    Shot("owner-products", "/jualan/", "Nanik Winarti"),
    Shot("mentor", "/sesi/", "mentor", "phone"),
    Shot("coordinator", "/pendampingan/", "coordinator"),
    Shot("creator", "/kreasi/", "creator", "phone"),
    Shot("marketplaces", "/lokapasar/", "Nanik Winarti"),
    Shot("buyer", "/katalog/", device="phone"),
    Shot("buyer-product", "/katalog/", device="phone", first=r"/produk/[^/]+/ "),
    Shot("keeper", "/kelola-ruang/", "keeper"),
    Shot("booker", "/pusat-kreatif/", "Wahyu Kurniawan", "phone"),
    Shot("booker-day", "/pusat-kreatif/hari/", "Wahyu Kurniawan"),
    Shot("organiser", "/kegiatan/", "organiser"),
    Shot(
        "door",
        "/beranda/",
        "Bayu Saputra",
        "phone",
        first=r"/kegiatan/G-[^/]+/ Pasar",
        then="pintu/",
        further=r"/pintu/[^/]+/ ",
    ),
    Shot("participant", "/agenda/", device="phone"),
    Shot("participant-ticket", "/beranda/", "Rini Astuti", "phone", first=r"/tiket/[^/]+/ "),
    Shot("curator", "/kegiatan/kurasi/", "curator"),
    Shot("founder", "/startup/saya/", "Dimas Prakoso", "phone", first=r"/startup/inkubasi/\d+/ "),
    Shot("incubator", "/startup/kelola/", "incubator", first=r"/startup/kelola/angkatan/AK-[^/]+/ "),
    Shot("reviewer", "/startup/penilaian/", "reviewer", first=r"/startup/penilaian/LS-[^/]+/ "),
]


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the pictures of docs/ from a running demo city.")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--only", default="", help="only pictures whose name begins so")
    parser.add_argument("--language", choices=["id", "en"], help="only this language")
    options = parser.parse_args()
    wanted = [shot for shot in SHOTS if shot.name.startswith(options.only)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        )
        failed = [
            f"{language}/{shot.name}"
            for language in ([options.language] if options.language else ["id", "en"])
            for shot in wanted
            if not take(browser, options.url, shot, language)
        ]
        browser.close()
    if failed:
        sys.exit(f"Not made: {', '.join(failed)}")


def chromium() -> str:
    """Where Chromium is."""
    for name in (os.environ.get("MBOIS_CHROMIUM"), "/usr/bin/chromium", "chromium-browser", "google-chrome"):
        if name and (found := shutil.which(name)):
            return found
    sys.exit("Chromium is needed: apt-get install chromium, or set MBOIS_CHROMIUM.")


def take(browser: Browser, url: str, shot: Shot, language: str) -> bool:
    """Make one picture; says whether its page was there."""
    device = PHONE if shot.device == "phone" else DESKTOP
    context = browser.new_context(
        **device,
        locale="id-ID" if language == "id" else "en-GB",
        timezone_id="Asia/Jakarta",
        color_scheme="light",
        reduced_motion="reduce",
        permissions=["geolocation"],
        geolocation={"latitude": -7.977, "longitude": 112.634, "accuracy": 12},
    )
    context.add_cookies([{"name": "django_language", "value": language, "url": url}])
    page = context.new_page()
    try:
        if shot.who:
            become(page, url, shot.who)
        page.goto(urljoin(url, shot.path))
        for pattern, then in ((shot.first, shot.then), (shot.further, "")):
            if pattern and not follow(page, pattern, then):
                print(f"{language}/{shot.name}: no link like {pattern} on {page.url}", file=sys.stderr)
                return False
        page.wait_for_load_state("networkidle")
        page.evaluate("document.activeElement?.blur()")
        page.evaluate("document.fonts.ready")
        title, picture = page.title(), page.screenshot(animations="disabled")
    finally:
        context.close()
    file = PICTURES / language / f"{shot.name}.webp"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(small(picture))
    print(f"{file.relative_to(PICTURES)}  {file.stat().st_size // 1000} KB  {title}")
    return True


def become(page: Page, url: str, who: str) -> None:
    """Sign in with one click: as a person by name, or as somebody of a role in Kota Malang."""
    page.goto(urljoin(url, "/akun/masuk/"))
    if who in ROLES:
        group = page.locator("details").filter(has=page.locator("h3", has_text="Kota Malang"))
        group.locator(".persona").nth(ROLES.index(who)).click()
    else:
        page.locator(".persona", has_text=who).first.click()
    page.wait_for_url(lambda address: "/akun/masuk/" not in address)


def follow(page: Page, pattern: str, then: str) -> bool:
    """Go where the first fitting link leads; says whether there was one."""
    here = urlsplit(page.url)._replace(path="", query="", fragment="").geturl()
    links = page.eval_on_selector_all(
        "main a[href]", "links => links.map(link => [link.href, link.textContent.trim()])"
    )
    for link, words in links:
        path = urlsplit(link).path
        if link.startswith(here) and re.match(pattern, f"{path} {words}"):
            last = path.rstrip("/").rsplit("/", 1)[-1]
            answer = page.goto(urljoin(here + path, then.format(last=last)))
            return bool(answer and answer.ok)
    return False


def small(picture: bytes) -> bytes:
    """The picture as WebP, below 200 KB."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for quality in (84, 74, 60, 45):
        output = io.BytesIO()
        image.save(output, "WEBP", quality=quality, method=6)
        if output.tell() <= MOST_BYTES:
            break
    return output.getvalue()


if __name__ == "__main__":
    main()
