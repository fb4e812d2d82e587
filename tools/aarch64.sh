#!/usr/bin/env bash
# Build for aarch64 with a cross compiler, and compare the golden bits under qemu's emulation of one CPU.
#
# For Debian: what is missing (GCC for aarch64, qemu, Python and NumPy for aarch64) comes from apt-get and pip, of which
# all but the compiler stays in build/aarch64. PYTHON is the interpreter that builds, with NumPy, Cython and setuptools.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python}
here=$PWD/build/aarch64
root=$here/root
site=$here/site
mkdir -p "$here"

echo "== compiler and emulator"
if ! command -v aarch64-linux-gnu-gcc >/dev/null; then
    apt-get install -y -qq gcc-aarch64-linux-gnu
fi
qemu=$(command -v qemu-aarch64-static || command -v qemu-aarch64 || echo "$here/qemu/usr/bin/qemu-aarch64-static")
if [ ! -x "$qemu" ]; then
    (cd "$here" && apt-get download -qq qemu-user-static && dpkg -x qemu-user-static_*.deb qemu)
fi

echo "== Python for aarch64"
if [ ! -e "$root/usr/bin/python3" ]; then
    # apt's sources, but nothing of what is installed here
    mkdir -p "$here"/apt/{lists,cache}/partial
    : >"$here/apt/status"
    apt=(apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::State::status="$here/apt/status"
        -o Dir::State::lists="$here/apt/lists" -o Dir::Cache="$here/apt" -o Dir::Cache::archives="$here/apt/cache")
    "${apt[@]}" update
    "${apt[@]}" install -y --no-install-recommends --download-only python3 libpython3-dev libstdc++6 libgomp1
    for package in "$here"/apt/cache/*.deb; do
        dpkg -x "$package" "$root"
    done
fi
emulated() {
    "$qemu" -L "$root" -E PYTHONHOME="$root/usr" -E PYTHONPATH="$here/lib:$site" -E PYTHONDONTWRITEBYTECODE=1 \
        "$root/usr/bin/python3" "$@"
}
version=$(emulated -c 'import sys; print("%d.%d" % sys.version_info[:2])')
if [ ! -d "$site" ]; then
    "$python" -m pip install -q --target "$site" --python-version "$version" --only-binary=:all: \
        --platform manylinux_2_28_aarch64 --platform manylinux_2_27_aarch64 --platform manylinux2014_aarch64 numpy pytest
fi

echo "== build"
headers=$here/headers # pyconfig.h is included from a folder with the name of the machine
rm -rf "$here/lib" "$here/temp" "$headers"
mkdir -p "$headers"
ln -s "$root/usr/include/aarch64-linux-gnu" "$headers"
CFLAGS="-I$root/usr/include/python$version -I$headers -I$site/numpy/_core/include" \
    CC=aarch64-linux-gnu-gcc LDSHARED="aarch64-linux-gnu-gcc -shared" \
    SETUPTOOLS_EXT_SUFFIX=".cpython-${version/./}-aarch64-linux-gnu.so" FASTACT_MACHINE=aarch64 FASTACT_WERROR=1 \
    "$python" setup.py -q build --build-lib "$here/lib" --build-temp "$here/temp"

echo "== golden bits"
emulated -m fastact info
emulated -m pytest -p no:cacheprovider tests/test_golden.py
