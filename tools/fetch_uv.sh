#!/bin/sh
# Fetch uv of the given version into .uv/ for a machine that has none, or another one; called by make. Needs Python 3.11 or later and nothing else:
# a virtual environment where Python can make one (Debian leaves that out), else pip alone, else Python alone.
set -eu

say() { printf '%s\n' "$*"; }
fail() { printf 'make: %s\n' "$*" >&2; exit 1; }

version=$1
python=
for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    found=$(python3 --version 2>/dev/null) || found='no Python'
    fail "Jirani needs Python 3.11 or later and this machine has $found. Install it, then run make again."
fi

say "Fetching uv $version, which installs everything else …"
# Into a folder of its own, and into place when it is whole: if make was killed, the former fetch may still be at work.
mkdir -p .uv/bin
work=$(mktemp -d .uv/fetch.XXXXXX)
trap 'rm -rf "$work"' EXIT
log=$work/log
if "$python" -m venv "$work/env" >"$log" 2>&1 && "$work/env/bin/python" -m pip install -q "uv==$version" >>"$log" 2>&1; then
    fetched=$work/env/bin/uv
elif "$python" -m pip install -q --target "$work/lib" "uv==$version" >>"$log" 2>&1; then
    fetched=$work/lib/bin/uv
elif "$python" tools/fetch_uv.py "$version" "$work" >>"$log" 2>&1; then
    fetched=$work/uv
else
    tail -n 3 "$log" >&2
    fail "uv could not be fetched. Is there a way to pypi.org? Or install uv $version yourself: https://docs.astral.sh/uv/"
fi
"$fetched" --version >/dev/null || fail "The uv that was fetched does not run here; install uv $version yourself: https://docs.astral.sh/uv/"
mv -f "$fetched" .uv/bin/uv
