#!/bin/sh
# Writes requirements.lock and requirements-dev.lock: exact versions, every file with its hash, for
# Python 3.11 and newer. Versions that are pinned now stay, unless called with --upgrade.
set -eu
cd "$(dirname "$0")/.."
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check uv
pin() {
    "$tools/bin/uv" pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet "$@" >/dev/null
}
pin "$@" --output-file requirements-dev.lock --extra dev
pin --output-file requirements.lock --constraint requirements-dev.lock
