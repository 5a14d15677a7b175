//! Every dependency says why it is there.

use std::fs;

#[test]
fn every_dependency_says_why_it_is_there() {
    let reasons = fs::read_to_string("docs/dependencies.md").unwrap();
    for manifest in [
        "Cargo.toml",
        "docker-box/Cargo.toml",
        "bench/Cargo.toml",
        "control-groups/Cargo.toml",
        "docker-proxy/Cargo.toml",
        "docker-streams/Cargo.toml",
        "guest/Cargo.toml",
        "guest/protocol/Cargo.toml",
        "jailer/Cargo.toml",
        "jailer/protocol/Cargo.toml",
        "protocol/Cargo.toml",
        "runner/Cargo.toml",
        "runner/child/Cargo.toml",
        "runner/zygote/Cargo.toml",
        "seccomp/Cargo.toml",
    ] {
        for name in dependencies_of(&fs::read_to_string(manifest).unwrap()) {
            assert!(
                reasons.contains(&format!("| `{name}` |")),
                "docs/dependencies.md has no line for {name} ({manifest})"
            );
        }
    }
}

/// The names under every `[…dependencies]` heading.
fn dependencies_of(manifest: &str) -> Vec<String> {
    let mut inside = false;
    let mut names = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]") && !line.contains("workspace");
        } else if inside && let Some((name, _)) = line.split_once('=') {
            names.push(name.trim().trim_end_matches(".workspace").to_owned());
        }
    }
    names
}
