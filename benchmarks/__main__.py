"""What this machine can do at best, what we do on it, and the ratio: `make bench`.

Everything runs in a database of its own that is removed afterwards. BENCH_SCALE=0.1 makes all sizes
a tenth for a quick look.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

FOLDER = Path(tempfile.mkdtemp(prefix="mbois-bench-"))
FOLDER.chmod(0o755)
os.environ["MBOIS_DATA"] = str(FOLDER)
os.environ["DJANGO_SETTINGS_MODULE"] = "mbois.settings"
os.environ.pop("DATABASE_URL", None)
ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]


def main() -> int:
    from mbois import embedded

    try:
        with embedded.serving(FOLDER):
            import django

            django.setup()
            from benchmarks import measures

            measures.run(float(os.environ.get("BENCH_SCALE", "1")))
    finally:
        embedded.stop(FOLDER)
        shutil.rmtree(embedded.socket_dir(FOLDER), ignore_errors=True)
        shutil.rmtree(FOLDER, ignore_errors=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
