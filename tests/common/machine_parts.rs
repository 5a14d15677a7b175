//! Parts of virtual machines, and what runs them.

use std::path::PathBuf;

use assize::config::Accelerator;

use crate::skipped::skipped;
use crate::whole_run::is_left_to_the_whole_run;

/// What docker/test.sh makes for machines.
pub(crate) fn machine_parts() -> Option<PathBuf> {
    if is_left_to_the_whole_run("boxes as virtual machines, which are slow here") {
        return None;
    }
    let parts = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/target/microvm/parts"));
    let is_there = parts.join("kernel").exists() && parts.join("python3").exists();
    if !is_there {
        let place = parts.display();
        skipped(&format!(
            "there are no parts of machines; run docker/microvm.sh --roots target/jail/roots {place}"
        ));
    }
    is_there.then_some(parts)
}

/// `make test-microvm` says so where there is KVM.
pub(crate) fn accelerator() -> Accelerator {
    let by_kvm = std::env::var("ASSIZE_TEST_ACCELERATOR").is_ok_and(|wanted| wanted == "kvm");
    if by_kvm { Accelerator::Kvm } else { Accelerator::Tcg }
}
