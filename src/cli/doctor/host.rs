//! Checks of the kernel of this host. With a daemon elsewhere this is the wrong host, which the checks report.

use std::fs;
use std::path::Path;

use crate::config::SandboxSettings;
use crate::sandbox::{Check, KernelHoles, claim_cpus, holes_of_kernel};

/// Space that unpacked packages and temporary files need, in bytes.
const FREE_BYTES: u64 = 1 << 30;

pub(super) fn checks(sandbox: &SandboxSettings, slots: usize) -> Vec<Check> {
    vec![
        kernel(),
        mitigations(),
        core_pattern(),
        unprivileged_bpf(),
        hyper_threads(),
        cpus(sandbox, slots),
        space(),
    ]
}

/// What has been published about its version.
fn kernel() -> Check {
    const NAME: &str = "kernel";
    let text = |name: &str| read(&format!("/proc/sys/kernel/{name}")).unwrap_or_default();
    let release = text("osrelease");
    match holes_of_kernel(&release, &text("version")) {
        KernelHoles::Open(holes) if !holes.is_empty() => Check::warn(
            NAME,
            format!("{release} can have {}", holes.join(", ")),
            "update it and restart, unless the changelog of its package names them; boxes may not open the sockets that \
             CVE-2026-31431 needs, by seccomp",
        ),
        KernelHoles::Untold(holes) if !holes.is_empty() => Check::ok(
            NAME,
            format!(
                "{release}, whose distribution says whether {} is mended in it",
                holes.join(", ")
            ),
        ),
        _ => Check::ok(NAME, format!("{release} has no hole that is on record here")),
    }
}

/// `Documentation/ABI/testing/sysfs-devices-system-cpu` of the Linux kernel.
fn mitigations() -> Check {
    const NAME: &str = "mitigations";
    let directory = Path::new("/sys/devices/system/cpu/vulnerabilities");
    let Ok(entries) = fs::read_dir(directory) else {
        return Check::warn(
            NAME,
            "the kernel does not tell",
            "see the files below /sys/devices/system/cpu",
        );
    };
    let mut vulnerable: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|entry| fs::read_to_string(entry.path()).is_ok_and(|state| state.starts_with("Vulnerable")))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    if vulnerable.is_empty() {
        return Check::ok(NAME, "on against every flaw of this CPU that the kernel knows");
    }
    vulnerable.sort();
    let remedy = "update kernel and microcode, and do not boot with mitigations=off; on a rented machine ask its owner";
    Check::warn(NAME, format!("vulnerable to {}", vulnerable.join(", ")), remedy)
}

/// `core(5)`: a core that goes into a pipe is written whatever `RLIMIT_CORE` says, by root, on the host.
fn core_pattern() -> Check {
    const NAME: &str = "core dumps";
    match read("/proc/sys/kernel/core_pattern") {
        Some(pattern) if pattern.starts_with('|') => Check::warn(
            NAME,
            format!("piped into {}", pattern.trim_start_matches('|')),
            "a crash in a box starts this program on the host: sysctl kernel.core_pattern=core",
        ),
        _ => Check::ok(NAME, "to files, of which boxes may write none"),
    }
}

fn unprivileged_bpf() -> Check {
    const NAME: &str = "BPF";
    match read("/proc/sys/kernel/unprivileged_bpf_disabled").as_deref() {
        Some("0") => Check::warn(
            NAME,
            "everybody may load programs into the kernel",
            "boxes may not, by seccomp; for the rest: sysctl kernel.unprivileged_bpf_disabled=1",
        ),
        _ => Check::ok(NAME, "for root only"),
    }
}

/// `Documentation/admin-guide/hw-vuln/core-scheduling.rst` of the Linux kernel.
fn hyper_threads() -> Check {
    const NAME: &str = "hyper-threads";
    match read("/sys/devices/system/cpu/smt/active").as_deref() {
        Some("1") => Check::warn(
            NAME,
            "two slots can share a core, and each other's time and caches",
            "echo off > /sys/devices/system/cpu/smt/control, or set sandbox.cpuset to one thread of each core",
        ),
        _ => Check::ok(NAME, "off, or the machine has none"),
    }
}

fn cpus(sandbox: &SandboxSettings, slots: usize) -> Check {
    const NAME: &str = "CPUs";
    match claim_cpus(sandbox, slots) {
        Ok(claimed) if claimed.pinned() == slots => Check::ok(NAME, claimed.found),
        Ok(claimed) => Check::warn(
            NAME,
            claimed.found,
            "set worker.slots and sandbox.cpus so that the workers of this host need no more CPUs than it has, and \
             sandbox.pin_cpus",
        ),
        Err(error) => Check::fail(NAME, error.to_string(), "correct the setting"),
    }
}

fn space() -> Check {
    const NAME: &str = "temporary space";
    let directory = std::env::temp_dir();
    match rustix::fs::statvfs(&directory) {
        Ok(found) if found.f_bavail * found.f_frsize < FREE_BYTES => Check::warn(
            NAME,
            format!(
                "{} MiB free in {}",
                (found.f_bavail * found.f_frsize) >> 20,
                directory.display()
            ),
            "make room, or set TMPDIR and problems.cache_directory",
        ),
        Ok(found) => Check::ok(
            NAME,
            format!(
                "{} MiB free in {}",
                (found.f_bavail * found.f_frsize) >> 20,
                directory.display()
            ),
        ),
        Err(error) => Check::fail(NAME, format!("{}: {error}", directory.display()), "set TMPDIR"),
    }
}

fn read(path: &str) -> Option<String> {
    fs::read_to_string(path).ok().map(|text| text.trim().to_owned())
}
