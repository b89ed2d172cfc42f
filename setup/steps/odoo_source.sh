# Finds or fetches Odoo 19. Sets ODOO_PATH, the folder that holds the `odoo` package, and ODOO_ADDONS.
# In this order: ODOO_HOME; Debian's odoo-19 package (its mirror is read from the machine's own sources);
# the source archive that Odoo S.A. publishes.
# shellcheck shell=bash

DEBIAN_ROOT=$STATE/odoo-debian
ARCHIVE_ROOT=$STATE/odoo-archive
ODOO_ARCHIVE=${ODOO_ARCHIVE:-https://nightly.odoo.com/$ODOO_SERIES/nightly/src/odoo_$ODOO_SERIES.latest.tar.gz}

# Debian replaces files that other packages have by links to them.
LINKED_PACKAGES=(libjs-jquery libjs-jquery-form libjs-underscore fonts-roboto-unhinted fonts-montserrat
    fonts-inconsolata fonts-ocr-b)

ensure_odoo() {
    if [ -n "${ODOO_HOME:-}" ]; then
        use_odoo_home
    elif [ -e "$DEBIAN_ROOT/complete" ]; then
        use_odoo "$DEBIAN_ROOT/usr/lib/python3/dist-packages"
    elif [ -e "$ARCHIVE_ROOT/complete" ]; then
        use_odoo "$ARCHIVE_ROOT/odoo"
    elif fetch_debian_odoo; then
        use_odoo "$DEBIAN_ROOT/usr/lib/python3/dist-packages"
    else
        fetch_odoo_archive
        use_odoo "$ARCHIVE_ROOT/odoo"
    fi
}

use_odoo_home() {
    [ -f "$ODOO_HOME/odoo/release.py" ] ||
        die "ODOO_HOME=$ODOO_HOME holds no Odoo: point it at a source checkout of Odoo $ODOO_SERIES, or unset it to have one fetched"
    use_odoo "$(cd "$ODOO_HOME" && pwd -P)"
}

use_odoo() {
    local series
    ODOO_PATH=$1
    series=$(sed -nE 's/^version_info = \(([0-9]+), ([0-9]+),.*/\1.\2/p' "$ODOO_PATH/odoo/release.py")
    [ "$series" = "$ODOO_SERIES" ] ||
        die "the Odoo in $ODOO_PATH is ${series:-of an unknown version}, these addons need $ODOO_SERIES: point ODOO_HOME at one, or unset it to have one fetched"
    # a source checkout keeps all addons but `base` beside the package, a package has them inside
    ODOO_ADDONS=$ODOO_PATH/odoo/addons
    [ ! -d "$ODOO_PATH/addons/web" ] || ODOO_ADDONS=$ODOO_PATH/addons,$ODOO_ADDONS
}

# --- Debian's package ---------------------------------------------------------------------------

# Private apt state, so that the machine's own lists and sources stay as they are. No root needed.
debian_apt() {
    local apt=$STATE/apt
    apt-get -q -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::State="$apt" -o Dir::State::Lists="$apt/lists" -o Dir::State::status=/var/lib/dpkg/status \
        -o Dir::Cache="$apt/cache" -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none \
        -o APT::Update::Error-Mode=any "$@"
}

# The mirror of the machine's own Debian source; ODOO_DEBIAN_MIRROR names one where there is none (Ubuntu).
debian_mirror() {
    if [ -n "${ODOO_DEBIAN_MIRROR:-}" ]; then
        echo "$ODOO_DEBIAN_MIRROR"
    else
        apt-get indextargets --format '$(LABEL)|$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
            awk -F'|' '$1 == "Debian" && !found { print $2; found = 1 }'
    fi
}

# fonts-font-awesome must still be 4.7, which newer suites no longer have: hence a second suite.
write_debian_sources() {
    local mirror=$1 keyring options='' suite
    for keyring in /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do
        [ ! -e "$keyring" ] || options="[signed-by=$keyring] "
    done
    mkdir -p "$STATE/apt/lists/partial" "$STATE/apt/cache/archives/partial"
    for suite in unstable bookworm; do
        echo "deb $options$mirror $suite main"
    done >"$STATE/apt/sources.list"
}

fetch_debian_odoo() {
    local mirror downloads=$STATE/apt/downloads
    command -v apt-get >/dev/null || return 1
    mirror=$(debian_mirror)
    [ -n "$mirror" ] || { refresh_package_lists; mirror=$(debian_mirror); }
    [ -n "$mirror" ] || { note "this machine names no Debian mirror"; return 1; }
    require_disk_space 2500
    say "Fetching Odoo $ODOO_SERIES (Debian's package odoo-19, 120 MB)"
    write_debian_sources "$mirror"
    debian_apt update >"$LOGS/odoo-fetch.log" 2>&1 || { note "Debian's package lists cannot be read"; return 1; }
    rm -rf "$downloads" && mkdir -p "$downloads"
    (cd "$downloads" && debian_apt download odoo-19 "${LINKED_PACKAGES[@]/%//unstable}" \
        fonts-font-awesome/bookworm) >>"$LOGS/odoo-fetch.log" 2>&1 ||
        { note "Debian's package cannot be had (see $LOGS/odoo-fetch.log)"; return 1; }
    unpack_debian_odoo "$downloads"
}

unpack_debian_odoo() {
    local package new=$DEBIAN_ROOT.new site
    say "Unpacking Odoo"
    rm -rf "$new" "$DEBIAN_ROOT"
    for package in "$1"/*.deb; do
        run_logged odoo-unpack dpkg-deb -x "$package" "$new"
    done
    site=$new/usr/lib/python3/dist-packages
    # beside the package lie half copies of it (no data, no views) that would be importable
    rm -rf "$site/addons" "$site/doc" "$site/setup"
    add_selfie_segmentation "$site/odoo/addons/mail/static/lib/selfie_segmentation"
    check_links "$site/odoo"
    touch "$new/complete"
    mv "$new" "$DEBIAN_ROOT"
    rm -rf "$STATE/apt"
}

# A missing font is a blemish, but without a script no page works and without the icons' font all are empty boxes.
check_links() {
    local dangling
    dangling=$(find -L "$1" -type l \( -name '*.js' -o -path '*fontawesome*' \) -printf '%f ')
    [ -z "$dangling" ] ||
        die "Debian's package links to files that no package has any more ($dangling): set ODOO_HOME to an Odoo $ODOO_SERIES source checkout"
}

# Debian leaves this file out, and without it every page logs an error, which fails every browser test.
# It blurs the background in video calls; where npm cannot fetch it, an empty one does for all else.
add_selfie_segmentation() {
    local folder=$1 scratch
    scratch=$(mktemp -d "$STATE/npm.XXXXXX")
    mkdir -p "$folder"
    if ! { command -v npm >/dev/null &&
        (cd "$scratch" && npm pack --silent --cache "$scratch/cache" @mediapipe/selfie_segmentation@0.1.1675465747 &&
            tar -xzf ./*.tgz package/selfie_segmentation.js &&
            mv package/selfie_segmentation.js "$folder/") >>"$LOGS/odoo-fetch.log" 2>&1; }; then
        note "no npm: background blur in video calls will be missing"
        echo '/* not fetched: see setup/steps/odoo_source.sh */' >"$folder/selfie_segmentation.js"
    fi
    rm -rf "$scratch"
}

# --- Odoo's own archive -------------------------------------------------------------------------

fetch_odoo_archive() {
    local new=$ARCHIVE_ROOT.new
    say "Fetching Odoo $ODOO_SERIES (source archive ${ODOO_ARCHIVE##*/})"
    rm -rf "$new" && mkdir -p "$new"
    "$PYTHON" -c 'import sys, urllib.request; urllib.request.urlretrieve(*sys.argv[1:])' \
        "$ODOO_ARCHIVE" "$new/archive.tar.gz" >"$LOGS/odoo-fetch.log" 2>&1 ||
        die "Odoo $ODOO_SERIES could not be fetched: check the network, or set ODOO_HOME to a source checkout (git clone -b $ODOO_SERIES of odoo/odoo)"
    mkdir "$new/odoo"
    run_logged odoo-unpack tar -xzf "$new/archive.tar.gz" -C "$new/odoo" --strip-components=1
    rm -rf "$new/archive.tar.gz" "$ARCHIVE_ROOT"
    touch "$new/complete"
    mv "$new" "$ARCHIVE_ROOT"
}
