//! Parts of virtual machines, and what runs them.

use std::path::PathBuf;

use assize::config::Accelerator;

use crate::runs_everything::runs_everything;

/// What docker/test.sh makes for machines.
pub(crate) fn machine_parts() -> Option<PathBuf> {
    if !runs_everything() {
        eprintln!("skipped: virtual machines are slow here, and tried with ASSIZE_TEST=all");
        return None;
    }
    let parts = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/target/microvm/parts"));
    let is_there = parts.join("kernel").exists() && parts.join("python3").exists();
    assert!(
        is_there || std::env::var_os("CI").is_none(),
        "nothing is skipped under CI: there are no parts of machines in {}",
        parts.display()
    );
    if !is_there {
        eprintln!(
            "skipped: run docker/microvm.sh --roots target/jail/roots {}",
            parts.display()
        );
    }
    is_there.then_some(parts)
}

/// `make test-microvm` says so where there is KVM.
pub(crate) fn accelerator() -> Accelerator {
    let by_kvm = std::env::var("ASSIZE_TEST_ACCELERATOR").is_ok_and(|wanted| wanted == "kvm");
    if by_kvm { Accelerator::Kvm } else { Accelerator::Tcg }
}
