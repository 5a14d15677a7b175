#!/bin/sh
# Runs in the machine of docker/test-vm.sh: the doctor and a submission behind each wall, then the tests of boxes.
# shellcheck disable=SC2317 # `check` calls the functions.
set -u
failed=0
read -r only <target/vm/only
# Skipped tests fail, and a machine without KVM is slow.
export CI=true NO_COLOR=1 ASSIZE__SANDBOX__LAUNCH_TIMEOUT_MS=300000
export ASSIZE__SANDBOX__DOCKER__CALL_TIMEOUT_MS=300000 ASSIZE__SANDBOX__NSJAIL__CALL_TIMEOUT_MS=300000

# usage: check WHAT COMMAND...
check() {
    echo "==> $1"
    shift
    "$@" || failed=1
}

# As docs/walls.md says, but for the places of what an operator installs.
install_jailer() {
    install target/debug/assize-jailer /usr/local/bin/ &&
        groupadd --system assize &&
        install -m 644 jailer/assize-jailer.service /etc/systemd/system/ &&
        install -D -m 644 /dev/null /etc/assize/jailer.env &&
        echo "ASSIZE_JAILER_NSJAIL=$PWD/target/jail/nsjail/bin/nsjail" >>/etc/assize/jailer.env &&
        echo "ASSIZE_JAILER_ROOTS=$PWD/target/jail/roots" >>/etc/assize/jailer.env &&
        systemctl daemon-reload && systemctl start assize-jailer
}

judge() {
    target/debug/assize judge examples/sum/submissions/accepted/sum.py --problem examples/sum
}

# What makes control groups needs one that has no other process in it.
tests_of_boxes() {
    # shellcheck disable=SC2086 # a word is a name
    systemd-run --quiet --wait --pipe --working-directory="$PWD" -p Delegate=yes \
        -E CI -E NO_COLOR -E ASSIZE__SANDBOX__LAUNCH_TIMEOUT_MS -E ASSIZE__SANDBOX__DOCKER__CALL_TIMEOUT_MS \
        -E ASSIZE__SANDBOX__NSJAIL__CALL_TIMEOUT_MS \
        target/vm/backends --test-threads=1 --skip process:: $only
}

uname -sr
docker version --format 'Docker {{.Server.Version}}'
stat -f -c 'control groups: %T' /sys/fs/cgroup
docker load -q -i target/vm/images.tar >/dev/null || failed=1
check "assize doctor, docker" target/debug/assize doctor
check "assize judge, docker" judge
check "assize-jailer as a service" install_jailer
export ASSIZE__SANDBOX__BACKEND=nsjail
check "assize doctor, nsjail" target/debug/assize doctor
check "assize judge, nsjail" judge
unset ASSIZE__SANDBOX__BACKEND
check "tests of boxes" tests_of_boxes
exit $failed
