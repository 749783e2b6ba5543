#!/usr/bin/env bash
# Builds the container image without a container engine, by buildah, and says so where there is none.
# Usage: scripts/build-image.sh [further arguments for buildah, such as --build-arg PYTHON_IMAGE=…]
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' server/unrolled/__init__.py)
if ! command -v buildah >/dev/null; then
  echo 'NOT BUILT: buildah is not installed (Debian: apt-get install buildah).'
  echo "With an engine: docker build --tag unrolled:$version ."
  exit 0
fi
# vfs and chroot need neither a daemon nor user namespaces; the docker format keeps HEALTHCHECK.
exec buildah --storage-driver vfs bud --isolation chroot --format docker \
  --tag "unrolled:$version" "$@" .
