#!/usr/bin/env bash
# Makes .venv and installs the package editable, with the pinned versions and from wheels alone.
# Usage: scripts/install.sh REQUIREMENT     (`.` or `.[dev]`)
set -euo pipefail
cd "$(dirname "$0")/.."

enough='import sys; sys.exit(sys.version_info < (3, 11))'

find_python() {
  local candidate
  for candidate in "${UNROLLED_PYTHON:-python3}" python3.13 python3.12 python3.11 python3.14 python; do
    if command -v "$candidate" >/dev/null && "$candidate" -c "$enough" 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  echo 'Unrolled needs Python 3.11 or newer; none was found (UNROLLED_PYTHON names one).' >&2
  exit 1
}

if ! .venv/bin/python -c "$enough" 2>/dev/null; then
  python=$(find_python)
  echo "Making .venv with $("$python" --version)"
  "$python" -m venv --clear .venv || {
    echo 'The environment could not be made; on Debian and Ubuntu: apt-get install python3-venv' >&2
    exit 1
  }
fi

echo "Installing $1"
.venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check --only-binary :all: \
  --constraint constraints.txt --editable "$1"
touch .venv/.installed
