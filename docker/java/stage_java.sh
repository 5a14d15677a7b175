#!/bin/sh
# Stages Debian's JDK into TREE, and the program that compiles submissions with it.
set -eu

tree=$1
here=$(dirname "$0")
stage=$here/stage.sh
jdk=$(dirname "$(dirname "$(readlink -f /usr/bin/javac)")")

# Classes that every program uses, as the JVM has them in memory: it starts in half the time. Only G1 dumps objects too.
dump_classes() {
    "$jdk/bin/java" -XX:+UseG1GC -Xshare:dump >/dev/null
}

# What a submission has no use for: other programs, what only developers read, certificates, and sound and fonts, whose
# libraries are not installed.
trim() {
    find "$tree$jdk/bin" -mindepth 1 ! -name java -delete
    for part in jmods include legal man docs src.zip lib/src.zip lib/ct.sym lib/jexec lib/jspawnhelper \
        lib/security/cacerts lib/libjsound.so lib/libfontmanager.so; do
        rm -rf "${tree:?}$jdk/$part"
    done
}

build_compiler() {
    mkdir -p "$tree/usr/lib/assize" /build/classes
    "$jdk/bin/javac" -Xlint:all -Werror -d /build/classes "$here/Compile.java"
    "$jdk/bin/jar" --create --file "$tree/usr/lib/assize/compile.jar" --main-class Compile -C /build/classes .
}

dump_classes
sh "$stage" lay "$tree"
# The judge takes the program out of the box with /bin/cat.
sh "$stage" add "$tree" /usr/bin/cat "$jdk" /etc/java-21-openjdk
ln -s usr/bin "$tree/bin"
ln -s "$jdk/bin/java" "$tree/usr/bin/java"
trim
# The launcher loads the JVM, so that libraries need no path to it.
LD_LIBRARY_PATH=$tree$jdk/lib:$tree$jdk/lib/server sh "$stage" libs "$tree"
build_compiler
sh "$stage" check "$tree"
# What verdicts show of it.
dpkg-query -W -f '{"java": "${source:Upstream-Version}"}\n' openjdk-21-jdk-headless >"$tree/usr/lib/assize/environment.json"
