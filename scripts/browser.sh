#!/bin/sh
# Makes sure that the browser tests have a Chromium; MBOIS_CHROMIUM names another one.
for name in "$MBOIS_CHROMIUM" chromium chromium-browser google-chrome; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing Debian's Chromium for the browser tests"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null && exit 0
fi
echo "The browser tests need Chromium: run \`apt-get install chromium\` as root, or set MBOIS_CHROMIUM." >&2
exit 1
