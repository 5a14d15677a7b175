#!/bin/sh
# Stages a box image: copies programs out of a full build image into an empty tree, and with
# them exactly the shared libraries they need. What is not named here does not exist in a box:
# no shell, no package manager, no setuid file.
#
#   stage.sh lay   TREE            the directories, the account and the locale every box has
#   stage.sh add   TREE PATH...    files or directories, with their symbolic links as they are
#   stage.sh libs  TREE            every library the staged programs are linked to
#   stage.sh check TREE            refuses a tree that holds what a box must not have
#
# Each language's Dockerfile calls these in this order, with its own trimming between.
set -eu

# The first user of boxes, and their group; see docker-box/src/host_config.rs.
JUDGED_ID=10001
JUDGED_USERS=256

fail() {
    echo "stage: $*" >&2
    exit 1
}

lay() {
    for directory in etc usr/bin usr/lib usr/lib64 usr/lib/locale proc sys dev; do
        mkdir -p "$tree/$directory"
    done
    ln -s usr/lib "$tree/lib"
    ln -s usr/lib64 "$tree/lib64"
    # Mount points for the box's tmpfs. runc gives a tmpfs that names no mode= the mode found
    # here; in a box the root is read-only, so these bits alone make nothing writable.
    mkdir -m 1777 "$tree/work" "$tree/tmp" "$tree/dev/shm"
    printf 'root:x:0:0:root:/nonexistent:/nonexistent\n' >"$tree/etc/passwd"
    user=0
    while [ "$user" -lt "$JUDGED_USERS" ]; do
        printf 'judged%s:x:%s:%s:judged:/nonexistent:/nonexistent\n' \
            "${user#0}" "$((JUDGED_ID + user))" "$JUDGED_ID" >>"$tree/etc/passwd"
        user=$((user + 1))
    done
    printf 'root:x:0:\njudged:x:%s:\n' "$JUDGED_ID" >"$tree/etc/group"
    cp -a /usr/lib/locale/C.utf8 "$tree/usr/lib/locale/"
}

add() {
    for path in "$@"; do
        [ -e "$path" ] || fail "$path does not exist in the build image"
        cp -a --parents "$path" "$tree"
    done
}

libs() {
    linked=$(linked_libraries)
    # The C library opens libgcc_s by name when a thread ends, so no program is linked to it.
    for library in $linked $(known_to_loader libgcc_s.so.1); do
        mkdir -p "$tree$(dirname "$library")"
        cp -L "$library" "$tree$library"
    done
    write_loader_cache
}

linked_libraries() {
    listing=$(mktemp)
    find "$tree" -type f \( -name '*.so' -o -name '*.so.*' -o -path '*/bin/*' \) \
        -exec ldd {} + >"$listing" 2>/dev/null || true
    if grep -q 'not found' "$listing"; then
        fail "libraries are missing in the build image: $(grep 'not found' "$listing" | sort -u)"
    fi
    # A library found inside the tree, through a path relative to its user, is there already.
    sed -n -e 's|.*=> \(/[^ ]*\) (.*|\1|p' -e 's|^[[:space:]]*\(/[^ ]*\) (.*|\1|p' "$listing" |
        grep -v "^$tree/" | sort -u
    rm -f "$listing"
}

known_to_loader() {
    ldconfig -p | sed -n "s|.*$1 (.*=> ||p" | head -n 1
}

# Python in /usr/local needs the cache to find its library; all others start a little sooner.
write_loader_cache() {
    cp -a --parents /etc/ld.so.conf /etc/ld.so.conf.d "$tree"
    ldconfig -X -r "$tree"
    rm -rf "$tree/etc/ld.so.conf" "$tree/etc/ld.so.conf.d" "${tree:?}/var"
}

check() {
    refuse "set-user-id or set-group-id files" "$(find "$tree" -type f -perm /6000)"
    refuse "files that everyone can write" "$(find "$tree" ! -type l -perm -0002 \
        ! -path "$tree/work" ! -path "$tree/tmp" ! -path "$tree/dev/shm")"
    refuse "devices" "$(find "$tree" -type b -o -type c)"
    refuse "shells, compilers or package tools" "$(find "$tree" ! -type d \( \
        -name sh -o -name '*ash' -o -name busybox -o -name 'perl*' -o -name 'gcc*' -o -name cc \
        -o -name ld -o -name as -o -name apt -o -name dpkg -o -name 'pip*' -o -name env \) \
        -path '*/bin/*')"
    refuse "installers for Python" "$(find "$tree" -type d \( -name pip -o -name ensurepip \))"
    refuse "start-up hooks for Python" "$(find "$tree" \( -name '*.pth' -o -name '*customize.py' \))"
    refuse "links that lead nowhere" "$(find "$tree" -type l | lost_links)"
}

refuse() {
    [ -z "$2" ] || fail "the tree holds $1:
$2"
}

# A link is followed inside the tree: absolute ones begin at its root, as they will in the box.
lost_links() {
    while read -r link; do
        chroot_path=$(readlink "$link")
        case $chroot_path in
            /*) target=$tree$chroot_path ;;
            *) target=$(dirname "$link")/$chroot_path ;;
        esac
        [ -e "$target" ] || [ -L "$target" ] || echo "$link -> $chroot_path"
    done
}

[ $# -ge 2 ] || fail "usage: stage.sh lay|add|libs|check TREE [PATH...]"
step=$1
tree=$2
shift 2
case $step in
    lay | add | libs | check) "$step" "$@" ;;
    *) fail "unknown step: $step" ;;
esac
