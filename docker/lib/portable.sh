# shellcheck shell=bash
# What systems call differently. Sourced, never run.

# Prints a digest and a name for each file, as sha256sum(1) does; macOS has another program for it.
SHA256=(sha256sum)
command -v sha256sum >/dev/null || SHA256=(shasum -a 256)

# The digest of what comes in.
sha256() {
    "${SHA256[@]}" | cut -d ' ' -f 1
}

# A path as it is from every directory, whether there is something or not: realpath(1) of macOS wants it to be there.
# usage: absolute DIRECTORY PATH   DIRECTORY is where PATH was given.
absolute() {
    case $2 in
        /*) echo "$2" ;;
        *) echo "$1/$2" ;;
    esac
}
