//! A program that looks around finds the same behind every wall, but for what is listed here with its reason.
//!
//! The process backend has no wall, and is left out.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use assize::sandbox::Isolation;

use crate::fixture::{TestBoxes, run};
use crate::small_box::small_box;

const WITNESS: &str = include_str!("witness.py");

/// What it says in every box.
const FOUND: &str = include_str!("witness.txt");

/// What else it says behind one wall, and why. A line that ends in `*` stands for all that begin so.
const DIFFERENCES: [(&str, &str, &str); 31] = [
    (
        "docker",
        "device core",
        "newer runtimes make it, a link to /proc/kcore, which is hidden behind /dev/null",
    ),
    (
        "docker",
        "device ptmx",
        "the daemon makes it; /dev/pts is empty, so it opens nothing",
    ),
    ("docker", "device tty", "the daemon makes it; a program has no terminal"),
    (
        "docker",
        "mount / ro",
        "the storage driver's flags; no_new_privs makes set-user-id files void",
    ),
    ("docker", "mount /dev rw nosuid", "the daemon's; it belongs to root"),
    (
        "docker",
        "mount /etc/host*",
        "the daemon's; read-only, or it has nothing of the host",
    ),
    (
        "docker",
        "mount /usr/lib/assize/streams ro",
        "where the runner took its streams; an empty directory that is removed on the host, in which nothing can be made",
    ),
    (
        "docker",
        "mount /proc/*",
        "the daemon hides more; which files depends on its version",
    ),
    ("docker", "mount /sys/firmware *", "the daemon hides it"),
    (
        "docker",
        "mount /sys/devices/virtual/powercap *",
        "newer daemons hide it",
    ),
    (
        "docker",
        "mount /sys/devices/system/cpu/*",
        "newer daemons hide how hot each CPU was",
    ),
    (
        "docker",
        "mount /sys/fs/cgroup/* rw nosuid nodev noexec",
        "with version 1 control groups lie in a directory of root's",
    ),
    ("docker", "place /dev refused Permission denied", "it belongs to root"),
    (
        "docker",
        "status Groups 10001",
        "the daemon repeats the group of a user",
    ),
    (
        "nsjail",
        "mount / ro nosuid nodev",
        "the root directory is mounted by the jailer",
    ),
    (
        "nsjail",
        "mount /dev ro nosuid noexec",
        "the jailer's, and closed after it is filled",
    ),
    (
        "nsjail",
        "mount /dev/full ro *",
        "the host's, and read-only: it is written to, and not changed",
    ),
    (
        "nsjail",
        "mount /dev/null ro *",
        "the host's, and read-only: it is written to, and not changed",
    ),
    (
        "nsjail",
        "mount /dev/random ro *",
        "the host's, and read-only: it is written to, and not changed",
    ),
    (
        "nsjail",
        "mount /dev/urandom ro *",
        "the host's, and read-only: it is written to, and not changed",
    ),
    (
        "nsjail",
        "mount /dev/zero ro *",
        "the host's, and read-only: it is written to, and not changed",
    ),
    ("nsjail", "mount /proc/keys ro nosuid noexec", "hidden behind /dev/null"),
    (
        "nsjail",
        "mount /sys/devices/system/cpu ro nosuid nodev noexec",
        "Python counts the CPUs there",
    ),
    ("nsjail", "place /dev refused Read-only file system", "it is mounted so"),
    ("nsjail", "status Groups", "there are none"),
    ("microvm", "mount / ro nosuid nodev", "the guest mounts the disk so"),
    (
        "microvm",
        "mount /dev ro nosuid noexec",
        "the guest's own, and closed after it is filled",
    ),
    (
        "microvm",
        "mount /proc/keys ro nosuid noexec",
        "hidden behind /dev/null",
    ),
    (
        "microvm",
        "mount /sys/devices/system/cpu ro nosuid nodev noexec",
        "Python counts the CPUs there",
    ),
    ("microvm", "status Groups", "there are none"),
    (
        "microvm",
        "place /dev refused Read-only file system",
        "it is mounted so",
    ),
];

pub(crate) async fn a_program_that_looks_around_finds_the_same_behind_every_wall(boxes: &TestBoxes) {
    if boxes.facts().isolation == Isolation::None {
        return;
    }
    let mut session = boxes.session(&small_box()).await;
    let ran = run(&mut session, WITNESS).await;
    session.destroy().await;
    let said = String::from_utf8_lossy(&ran.output).into_owned();
    let differing = differences(boxes.facts().name, FOUND, &said);
    assert!(differing.is_empty(), "{differing}\nin all:\n{said}\n{ran:?}");
}

/// Lines that only one of the two has, without those that may differ.
fn differences(wall: &str, expected: &str, found: &str) -> String {
    let may_differ = |line: &str| {
        let mut listed = DIFFERENCES.iter();
        listed.any(|(on, pattern, _reason)| *on == wall && is_meant(pattern, line))
    };
    let mut count: BTreeMap<&str, i32> = BTreeMap::new();
    expected.lines().for_each(|line| *count.entry(line).or_default() -= 1);
    found.lines().for_each(|line| *count.entry(line).or_default() += 1);
    let mut differing = String::new();
    for (line, count) in count
        .into_iter()
        .filter(|(line, count)| *count != 0 && !may_differ(line))
    {
        writeln!(differing, "{} {line}", if count > 0 { "+" } else { "-" }).unwrap();
    }
    differing
}

fn is_meant(pattern: &str, line: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => line.starts_with(beginning),
        None => line == pattern,
    }
}
