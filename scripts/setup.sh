#!/usr/bin/env bash
# Installs what `make run` (argument: run) or `make test` (argument: dev) needs: Debian packages, a virtual environment,
# pinned Python packages. Does nothing when nothing it depends on has changed since it last succeeded.
set -euo pipefail
cd "$(dirname "$0")/.."

purpose=$1
venv=${VENV:-.venv}

die() {
    echo "$*" >&2
    exit 1
}

# An environment cannot be moved: the scripts in it name the folder where they were installed.
has_venv() {
    [[ -x $venv/bin/python && $(cat "$venv/.made-in" 2>/dev/null) == "$PWD" ]]
}

# All that the result depends on.
state() {
    cat scripts/setup.sh pyproject.toml constraints.txt "$venv/pyvenv.cfg"
}

if has_venv; then
    for done_for in dev "$purpose"; do
        if state | cmp -s - "$venv/.ready-for-$done_for"; then exit 0; fi
    done
fi

# --- Debian packages ---

# What the Qt of the PyPI wheel links to or loads, and fonts for Latin and Chinese text.
packages=(
    libdbus-1-3 libegl1 libfontconfig1 libgl1 libglib2.0-0 libwayland-cursor0 libwayland-egl1 libx11-xcb1 libxcb-cursor0
    libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0 fonts-dejavu-core fonts-wqy-microhei
)
# Tests open real windows on virtual screens of X11 and Wayland, with a tray and a bus, listen as a screen reader does, and open real
# decks with the office program that users may have; the benchmark of Quick Ask is beside flameshot.
if [[ $purpose == dev ]]; then
    packages+=(
        openbox trayer x11-utils xclip xdotool xvfb at-spi2-core dbus-daemon desktop-file-utils grim sway wtype flameshot
        libreoffice-impress libreoffice-writer
    )
fi
# llama-cpp-python is compiled here.
if ! command -v c++ >/dev/null; then packages+=(g++); fi

find_python() {
    local candidate
    for candidate in ${PYTHON:-python3.11 python3.12 python3}; do
        if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null; then
            python=$candidate
            return
        fi
    done
    return 1
}

if ! find_python; then
    packages+=(python3 python3-venv)
elif ! "$python" -c 'import ensurepip' 2>/dev/null; then # Debian ships it apart
    packages+=("$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')")
fi

missing=()
if command -v apt-get >/dev/null; then
    for package in "${packages[@]}"; do
        dpkg-query --show --showformat '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
fi
if ((${#missing[@]})); then
    if ((EUID == 0)); then
        as_root=(env)
    elif sudo -n true 2>/dev/null; then
        as_root=(sudo -n env)
    else
        become_root=$(command -v sudo >/dev/null && echo "sudo sh -c" || echo "su - -c")
        die "Debian packages are missing that only root may install. Run this, then make again:
    $become_root 'apt-get update && apt-get install --no-install-recommends ${missing[*]}'"
    fi
    echo "Installing Debian packages: ${missing[*]}"
    "${as_root[@]}" apt-get -qq update
    "${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "${missing[@]}" >/dev/null ||
        die "apt-get could not install them; what it says above tells why."
fi
find_python || die "Sightline needs Python 3.11 or 3.12. Install one of them, or name it: make PYTHON=/path/to/python"

# --- Python packages ---

if ! has_venv; then
    echo "Making $venv with $("$python" --version)"
    "$python" -m venv --clear "$venv"
    echo "$PWD" >"$venv/.made-in"
fi
extra=
if [[ $purpose == dev ]]; then extra='[dev]'; fi
echo "Installing Python packages"
ls -d "$venv"/lib/*/site-packages/llama_cpp >/dev/null 2>&1 ||
    echo "llama-cpp-python is compiled among them: this takes about 8 minutes once, then pip keeps the result."
"$venv/bin/pip" install --disable-pip-version-check --constraint constraints.txt --editable ".$extra" ||
    die "pip could not install them; what it says above tells why."
state >"$venv/.ready-for-$purpose"
