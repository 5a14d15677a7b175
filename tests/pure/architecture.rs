//! The rooms of the house, and who may use whom. A new use between two rooms is a decision: it is made here.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Each room with the rooms that it may use. A file or a folder of `src` that is not named here fails the test.
const ALLOWED: [(&str, &[&str]); 17] = [
    ("backoff", &[]),
    ("disk_cache", &[]),
    ("host_fault", &[]),
    ("failpoint", &[]),
    ("checker", &[]),
    ("contract", &[]),
    ("config", &["contract"]),
    ("telemetry", &["config", "contract"]),
    (
        "problem",
        &["checker", "config", "contract", "disk_cache", "host_fault", "telemetry"],
    ),
    ("sandbox", &["backoff", "config", "host_fault", "telemetry"]),
    (
        "judge",
        &[
            "checker",
            "config",
            "contract",
            "disk_cache",
            "problem",
            "sandbox",
            "telemetry",
        ],
    ),
    ("attack", &["config", "contract", "judge", "problem", "sandbox"]),
    ("store", &["backoff", "config", "contract"]),
    ("broker", &["backoff", "config", "contract", "telemetry"]),
    ("health", &["config", "telemetry"]),
    (
        "worker",
        &[
            "backoff",
            "broker",
            "config",
            "contract",
            "failpoint",
            "health",
            "judge",
            "problem",
            "sandbox",
            "store",
            "telemetry",
        ],
    ),
    (
        "cli",
        &[
            "attack",
            "broker",
            "config",
            "contract",
            "health",
            "judge",
            "problem",
            "sandbox",
            "store",
            "telemetry",
            "worker",
        ],
    ),
];

/// Crates that only one room may name.
const OWNED_CRATES: [(&str, &[&str]); 6] = [
    ("lapin", &["broker"]),
    ("bollard", &["sandbox"]),
    ("sqlx", &["store"]),
    ("assize_protocol", &["sandbox"]),
    ("hyper", &["health"]),
    ("prometheus_client", &["telemetry"]),
];

const LONGEST_FILE: usize = 400;

#[test]
fn every_room_uses_only_the_rooms_that_it_may_use() {
    let mut wrong = BTreeSet::new();
    for (file, text) in sources(Path::new("src")) {
        let room = room_of(&file);
        if matches!(room.as_str(), "lib" | "main") {
            continue;
        }
        let Some((_room, allowed)) = ALLOWED.iter().find(|(name, _allowed)| *name == room) else {
            wrong.insert(format!("{} is in a room that is not in the list", file.display()));
            continue;
        };
        for used in rooms_named_in(&text) {
            if used != room && !allowed.contains(&used.as_str()) {
                wrong.insert(format!("{} uses crate::{used}", file.display()));
            }
        }
        // `use super::super::worker` would be a way past the names.
        let climbs = text.contains("super::super::super");
        if climbs {
            wrong.insert(format!("{} climbs out by super::super::super", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The first name below `src`: a folder, or a file without its ending.
fn room_of(file: &Path) -> String {
    let name = file.strip_prefix("src").unwrap().components().next().unwrap();
    let name = name.as_os_str().to_string_lossy();
    name.strip_suffix(".rs").unwrap_or(&name).to_owned()
}

#[test]
fn broker_docker_and_database_are_spoken_to_in_one_room_each() {
    let mut wrong = Vec::new();
    for (file, text) in sources(Path::new("src")) {
        for (name, owners) in OWNED_CRATES {
            let owned = owners
                .iter()
                .any(|owner| file.starts_with(Path::new("src").join(owner)));
            if text.contains(&format!("{name}::")) && !owned {
                wrong.push(format!("{} names {name}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_file_is_longer_than_one_can_hold_in_the_head() {
    let mut long = Vec::new();
    for root in ["src", "docker-box", "docker-proxy", "runner", "protocol", "tests"] {
        for (file, text) in sources(Path::new(root)) {
            let lines = text.lines().count();
            if lines > LONGEST_FILE {
                long.push(format!("{}: {lines} lines", file.display()));
            }
        }
    }
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn every_dependency_says_why_it_is_there() {
    let reasons = fs::read_to_string("docs/dependencies.md").unwrap();
    for manifest in [
        "Cargo.toml",
        "docker-box/Cargo.toml",
        "docker-proxy/Cargo.toml",
        "protocol/Cargo.toml",
        "runner/Cargo.toml",
        "runner/child/Cargo.toml",
        "runner/zygote/Cargo.toml",
    ] {
        for name in dependencies_of(&fs::read_to_string(manifest).unwrap()) {
            assert!(
                reasons.contains(&format!("| `{name}` |")),
                "docs/dependencies.md has no line for {name} ({manifest})"
            );
        }
    }
}

const PROXY_TREE: [&str; 54] = [
    "assize-docker-box",
    "assize-docker-proxy",
    "atomic-waker",
    "bollard-stubs",
    "bytes",
    "cfg-if",
    "errno",
    "form_urlencoded",
    "futures-core",
    "http",
    "http-body",
    "http-body-util",
    "httparse",
    "httpdate",
    "hyper",
    "hyper-util",
    "itoa",
    "lazy_static",
    "libc",
    "memchr",
    "mio",
    "once_cell",
    "percent-encoding",
    "pin-project-lite",
    "proc-macro2",
    "quote",
    "serde",
    "serde_core",
    "serde_derive",
    "serde_json",
    "serde_repr",
    "serde_spanned",
    "sharded-slab",
    "signal-hook-registry",
    "smallvec",
    "socket2",
    "syn",
    "thiserror",
    "thiserror-impl",
    "thread_local",
    "tokio",
    "tokio-macros",
    "toml",
    "toml_datetime",
    "toml_parser",
    "tracing",
    "tracing-core",
    "tracing-subscriber",
    "try-lock",
    "unicode-ident",
    "uuid",
    "want",
    "winnow",
    "zmij",
];

const RUNNER_TREE: [&str; 23] = [
    "assize-child",
    "assize-protocol",
    "assize-runner",
    "bitflags",
    "cobs",
    "itoa",
    "libc",
    "linux-raw-sys",
    "memchr",
    "postcard",
    "proc-macro2",
    "quote",
    "rustix",
    "seccompiler",
    "serde",
    "serde_core",
    "serde_derive",
    "serde_json",
    "syn",
    "thiserror",
    "thiserror-impl",
    "unicode-ident",
    "zmij",
];

/// What holds rights links little: these programs with everything that they link, as names of crates.
const TREES: [(&str, &[&str]); 2] = [("assize-docker-proxy", &PROXY_TREE), ("assize-runner", &RUNNER_TREE)];

#[test]
fn what_holds_rights_links_nothing_but_what_is_listed() {
    for (package, listed) in TREES {
        let output = Command::new(env!("CARGO"))
            .args([
                "tree",
                "--locked",
                "--offline",
                "-e",
                "normal",
                "--prefix",
                "none",
                "--format",
                "{p}",
                "-p",
                package,
            ])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let tree = String::from_utf8(output.stdout).unwrap();
        let linked: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
        let listed: BTreeSet<&str> = listed.iter().copied().collect();
        assert_eq!(linked, listed, "{package}");
    }
}

#[test]
fn every_file_that_the_documents_name_exists() {
    let mut lost = Vec::new();
    let documents = fs::read_dir("docs").unwrap().map(|entry| entry.unwrap().path());
    let markdown = documents.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    for document in markdown.chain([PathBuf::from("README.md")]) {
        let text = fs::read_to_string(&document).unwrap();
        for name in text.split('`').skip(1).step_by(2) {
            let is_path = ["src/", "tests/", "docker/", "runner/", "migrations/"]
                .iter()
                .any(|root| name.starts_with(root));
            if is_path && !name.contains(char::is_whitespace) && !Path::new(name).exists() {
                lost.push(format!("{} names {name}", document.display()));
            }
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

#[test]
fn fail_points_and_boxes_without_walls_are_in_what_the_tests_build_and_nowhere_else() {
    let manifest = fs::read_to_string("Cargo.toml").unwrap();
    let default = manifest.lines().find(|line| line.starts_with("default = [")).unwrap();
    assert!(!default.contains("failpoints"), "{default}");
    let scripts = [Path::new("docker"), Path::new(".ci"), Path::new("Makefile")];
    let naming: Vec<_> = scripts
        .into_iter()
        .flat_map(files)
        .filter(|file| fs::read_to_string(file).is_ok_and(|text| text.contains("assize/failpoints")))
        .collect();
    assert_eq!(naming, [Path::new("docker/test.sh")]);
    // What docker/lib/binaries.sh looks for in the worker that goes into the image.
    let program = fs::read(env!("CARGO_BIN_EXE_assize")).unwrap();
    let is_there = |name: &str| program.windows(name.len()).any(|window| window == name.as_bytes());
    assert_eq!(is_there("ASSIZE_FAILPOINT"), cfg!(feature = "failpoints"));
    assert_eq!(is_there("sandbox.process.runner"), cfg!(feature = "process-backend"));
    assert!(!default.contains("process-backend"), "{default}");
}

fn rooms_named_in(text: &str) -> BTreeSet<String> {
    text.match_indices("crate::")
        .map(|(at, found)| {
            text[at + found.len()..]
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect()
        })
        .collect()
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

fn sources(root: &Path) -> Vec<(PathBuf, String)> {
    files(root)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            (path, text)
        })
        .collect()
}

fn files(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            found.push(path);
        }
    }
    found
}
