//! What all boxes of a host may have together, which the proxy before Docker and the jailer hold: it is as much as the
//! slots of a worker need by one formula, wherever it stands.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use assize::config::Settings;

/// Memory limit of a container that keeps a network namespace, one for each slot and role (`docs/operations/sizing.md`).
const WAITING_BYTES: u64 = 16 << 20;

/// Slots for which the compose file allows boxes where `.env` says nothing.
const SLOTS_OF_COMPOSE: u64 = 64;

/// What all boxes of a slot have together by their limits.
pub(super) fn memory_of_a_slot(settings: &Settings) -> u64 {
    let (program, validator) = (settings.limits.default.memory_bytes, settings.validators.memory_bytes);
    let warm = settings.sandbox.warm_boxes as u64;
    // A warm box may be a validator's, and so may be those that are being removed; two containers keep networks.
    (warm + 2) * program.max(validator) + validator + 2 * WAITING_BYTES
}

fn defaults() -> Settings {
    assize::config::load(None).unwrap()
}

/// As people write it.
fn words(bytes: u64) -> String {
    format!("{} GiB and {} MiB", bytes >> 30, (bytes >> 20) & 1023)
}

/// The text on one line, without the signs of comments.
fn prose(file: &str) -> String {
    let text = fs::read_to_string(file).unwrap();
    let words = text.split_whitespace().filter(|word| *word != "#");
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn every_page_that_says_what_a_slot_may_have_says_the_same() {
    let usual = memory_of_a_slot(&defaults());
    for file in [".env.example", "docker/lib/env.sh", "docs/operations/sizing.md"] {
        assert!(prose(file).contains(&words(usual)), "{file}: {}", words(usual));
    }
    let mut one_warm = defaults();
    one_warm.sandbox.warm_boxes = 1;
    let with_one = words(memory_of_a_slot(&one_warm));
    assert!(prose("docs/operations/sizing.md").contains(&format!("with one warm box {with_one}")));
}

#[test]
fn what_the_demo_writes_is_enough_for_two_workers_with_a_slot_for_each_cpu() {
    let script = "set -euo pipefail; . docker/lib/env.sh; bounds 3";
    let output = Command::new("bash").args(["-c", script]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let bounds: BTreeMap<&str, u64> = text
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name, value.parse().unwrap()))
        .collect();
    assert_eq!(
        bounds["ASSIZE_BOXES_MEMORY_BYTES"],
        2 * 3 * memory_of_a_slot(&defaults())
    );
    assert_eq!(bounds.len(), 3, "{text}");
}

#[test]
fn the_defaults_of_compose_are_enough_for_as_many_slots_as_they_say() {
    let bytes = (SLOTS_OF_COMPOSE * memory_of_a_slot(&defaults())).to_string();
    let compose = fs::read_to_string("docker-compose.yml").unwrap();
    let of_compose = format!("${{ASSIZE_BOXES_MEMORY_BYTES:-{bytes}}}");
    assert_eq!(
        compose.matches(&of_compose).count(),
        2,
        "of the proxy and of the jailer"
    );
    assert_eq!(compose.matches("${ASSIZE_BOXES_MEMORY_BYTES").count(), 2);
    let example = prose(".env.example");
    assert!(example.contains(&format!("ASSIZE_BOXES_MEMORY_BYTES={bytes}")));
    assert!(example.contains(&format!("for {SLOTS_OF_COMPOSE} slots")), "{example}");
}

#[test]
fn the_settings_of_the_unit_are_enough_for_as_many_slots_as_they_say() {
    let file = "deploy/systemd/docker-proxy.toml";
    let proxy = assize_docker_proxy::Settings::load(Some(Path::new(file)), []).unwrap();
    assert_eq!(proxy.all_memory_bytes / memory_of_a_slot(&defaults()), 5);
    assert!(prose(file).contains("are enough for five"));
}
