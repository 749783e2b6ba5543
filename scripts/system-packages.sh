#!/usr/bin/env bash
# Gets what the browser and broker tests need from outside Python and Node: a Chromium, a font with
# Chinese characters, a Redis server. Says what it could not get and leaves the verdict to the tests.
set -uo pipefail
cd "$(dirname "$0")/.."

missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v redis-server >/dev/null || missing+=(redis-server)
[ -n "$(find /usr/share/fonts -name 'wqy-microhei*' -print -quit 2>/dev/null)" ] ||
  missing+=(fonts-wqy-microhei)
[ ${#missing[@]} -eq 0 ] && exit 0

as_root_with_apt() { [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; }

if as_root_with_apt; then
  echo "Installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  { timeout 300 apt-get update -qq; } >"$log" 2>&1 || tail -n 3 "$log"
  for package in "${missing[@]}"; do
    timeout 600 apt-get install -y -qq --no-install-recommends "$package" >"$log" 2>&1 || {
      tail -n 3 "$log"
      echo "NOT THERE: $package (apt-get could not install it)"
    }
  done
  rm -f "$log"
else
  for package in "${missing[@]}"; do
    echo "NOT THERE: $package (installed by itself only as root on Debian or Ubuntu)"
  done
fi

if ! command -v chromium >/dev/null; then
  echo 'Asking Playwright for its own Chromium'
  timeout 600 .venv/bin/python -m playwright install chromium ||
    echo 'NOT THERE: a browser; the tests in tests/e2e will fail'
fi
exit 0
