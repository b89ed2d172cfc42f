# Fetches axe-core (MPL 2.0), with which the browser tests look for what keeps people out. For tests alone, and no copy of
# it is in the repository. Where it cannot be fetched those tests fail and say so; all others run.
# shellcheck shell=bash

AXE_VERSION=4.14.1
AXE_SHA256=29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c
NPM_REGISTRY=${NPM_REGISTRY:-https://registry.npmjs.org}
export AXE_CORE=$STATE/axe-core/$AXE_VERSION/axe.min.js

ensure_axe_core() {
    local scratch
    [ ! -e "$AXE_CORE" ] || return 0
    say "Fetching axe-core $AXE_VERSION"
    scratch=$(mktemp -d "$STATE/axe.XXXXXX")
    if (cd "$scratch" && fetch_axe_core && tar -xzf ./*.tgz package/axe.min.js &&
        echo "$AXE_SHA256  package/axe.min.js" | sha256sum --check --quiet) >"$LOGS/axe-core.log" 2>&1; then
        mkdir -p "${AXE_CORE%/*}"
        mv "$scratch/package/axe.min.js" "$AXE_CORE"
    else
        note "axe-core cannot be had (see $LOGS/axe-core.log): the tests of accessibility will fail"
    fi
    rm -rf "$scratch"
}

# npm knows the machine's own mirror; without npm the package comes from the registry itself.
fetch_axe_core() {
    if command -v npm >/dev/null; then
        npm pack --silent --cache "$PWD/cache" "axe-core@$AXE_VERSION"
    else
        "$PYTHON" -c 'import sys, urllib.request; urllib.request.urlretrieve(*sys.argv[1:])' \
            "$NPM_REGISTRY/axe-core/-/axe-core-$AXE_VERSION.tgz" axe-core.tgz
    fi
}
