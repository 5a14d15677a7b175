//! The corpus against virtual machines, in a short form: a translator runs them where there is no KVM.

use assize::attack::built_in;
use assize::config::Accelerator;

use crate::attack;
use crate::machine_parts::{accelerator, machine_parts};

/// Of so many attacks one is made: of each category at least one.
const EVERY: usize = 24;

#[tokio::test(flavor = "multi_thread")]
async fn attacks_of_every_category_fail_in_machines_too() {
    let Some(parts) = machine_parts() else { return };
    let (accelerator, time_factor) = match accelerator() {
        Accelerator::Kvm => ("kvm", "1"),
        _ => ("tcg", "40"),
    };
    let in_machines = [
        ("ASSIZE__SANDBOX__BACKEND", "microvm"),
        ("ASSIZE__SANDBOX__MICROVM__DIRECTORY", parts.to_str().unwrap()),
        ("ASSIZE__SANDBOX__MICROVM__ACCELERATOR", accelerator),
        ("ASSIZE__SANDBOX__MICROVM__MEMORY_BYTES", "1073741824"),
        ("ASSIZE__SANDBOX__LAUNCH_TIMEOUT_MS", "300000"),
        ("ASSIZE__SANDBOX__ANSWER_TIMEOUT_MS", "120000"),
        ("ASSIZE__WORKER__SLOTS", "2"),
    ];
    let every = EVERY.to_string();
    let options = ["--every", &every, "--time-factor", time_factor];
    let attacked = attack(&options, &in_machines).await;
    assert_eq!(attacked.report["sandbox"]["backend"], "microvm");
    let attacks = built_in().unwrap();
    let made = attacks.iter().step_by(EVERY);
    for attack in &attacks {
        let is_tried = made.clone().any(|made| made.category() == attack.category());
        assert!(is_tried, "no attack of {} is made", attack.category());
    }
    attacked.assert_held(made.count()).await;
}
