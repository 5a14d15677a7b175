//! The rooms of the house, and who may use whom. A new use between two rooms is a decision: it is made here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::passed_on::{defined, passed_on};
use crate::paths::{ModulePath, files, functions_taking, modules, paths_in, sources, words_in};

/// Each room with the rooms that it may use. A file or a folder of `src` that is not named here fails the test.
const ALLOWED: [(&str, &[&str]); 31] = [
    ("backoff", &[]),
    ("causes", &[]),
    ("counted", &[]),
    ("disk_cache", &[]),
    ("endings", &[]),
    ("host_fault", &[]),
    ("imports", &[]),
    ("nearest", &[]),
    ("prompt", &["imports"]),
    ("failpoint", &[]),
    ("tls", &[]),
    ("checker", &[]),
    ("value", &[]),
    ("contract", &["nearest", "value"]),
    ("libraries", &[]),
    ("config", &["contract", "endings", "libraries", "nearest"]),
    ("telemetry", &["config", "contract", "tls"]),
    (
        "problem",
        &[
            "checker",
            "config",
            "contract",
            "counted",
            "disk_cache",
            "endings",
            "host_fault",
            "libraries",
            "nearest",
            "telemetry",
            "tls",
        ],
    ),
    ("sandbox", &["backoff", "config", "counted", "telemetry"]),
    (
        "judge",
        &[
            "backoff",
            "checker",
            "config",
            "contract",
            "counted",
            "disk_cache",
            "host_fault",
            "libraries",
            "problem",
            "sandbox",
            "telemetry",
            "value",
        ],
    ),
    ("attack", &["config", "contract", "judge", "problem", "sandbox"]),
    ("store", &["backoff", "config", "contract", "tls"]),
    ("broker", &["backoff", "config", "contract", "telemetry", "tls"]),
    ("health", &["config", "telemetry"]),
    ("webhook", &["causes", "tls"]),
    ("evaluation", &["causes", "contract", "imports", "prompt", "tls"]),
    ("reports", &["contract"]),
    (
        "gateway",
        &[
            "config",
            "contract",
            "imports",
            "nearest",
            "prompt",
            "store",
            "telemetry",
            "webhook",
        ],
    ),
    (
        "serve",
        &[
            "broker",
            "config",
            "contract",
            "gateway",
            "health",
            "judge",
            "problem",
            "sandbox",
            "store",
            "telemetry",
            "webhook",
        ],
    ),
    (
        "worker",
        &[
            "backoff",
            "broker",
            "config",
            "contract",
            "disk_cache",
            "failpoint",
            "health",
            "host_fault",
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
            "evaluation",
            "gateway",
            "health",
            "judge",
            "libraries",
            "nearest",
            "problem",
            "reports",
            "sandbox",
            "serve",
            "store",
            "telemetry",
            "webhook",
            "worker",
        ],
    ),
];

/// Crates that only one room may name.
const OWNED_CRATES: [(&str, &[&str]); 17] = [
    ("lapin", &["broker"]),
    ("bollard", &["sandbox"]),
    ("assize_control_groups", &["sandbox"]),
    ("assize_guest_protocol", &["sandbox"]),
    ("assize_jailer_protocol", &["sandbox"]),
    ("assize_seccomp", &["sandbox"]),
    ("sqlx", &["store"]),
    ("assize_protocol", &["sandbox"]),
    ("hyper", &["gateway", "health", "sandbox"]),
    ("askama", &["gateway"]),
    ("axum", &["gateway"]),
    ("reqwest", &["evaluation", "webhook"]),
    ("rustls", &["tls"]),
    ("opentelemetry", &["telemetry"]),
    ("opentelemetry_otlp", &["telemetry"]),
    ("opentelemetry_sdk", &["telemetry"]),
    ("prometheus_client", &["telemetry"]),
];

const LONGEST_FILE: usize = 400;

#[test]
fn every_room_uses_only_the_rooms_that_it_may_use() {
    let mut wrong = BTreeSet::new();
    for (module, used) in rooms_used_in(Path::new("src")) {
        let Some(room) = module.first() else {
            continue; // lib.rs and main.rs
        };
        let name = module.join("::");
        let Some((_room, allowed)) = ALLOWED.iter().find(|(name, _allowed)| name == room) else {
            wrong.insert(format!("{name} is in a room that is not in the list"));
            continue;
        };
        for used in used {
            if used != *room && !allowed.contains(&used.as_str()) {
                wrong.insert(format!("{name} uses crate::{used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Each module with the rooms that it names, and those that pass on what it names. A room that passes on what is another's
/// opens no way around the list.
fn rooms_used_in(root: &Path) -> BTreeMap<ModulePath, BTreeSet<String>> {
    let modules = modules(root);
    let names: BTreeSet<ModulePath> = modules.keys().cloned().collect();
    let passed_on = passed_on(&modules, &names);
    let used = modules.iter().map(|(module, tokens)| {
        let named = paths_in(tokens.clone(), module).into_iter();
        let both = named.flat_map(|path| [defined(path.clone(), &passed_on, &names), path]);
        let rooms = both.filter_map(|path| path.into_iter().next()).collect();
        (module.clone(), rooms)
    });
    used.collect()
}

#[test]
fn what_a_room_passes_on_is_used_of_the_room_that_it_is_from() {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("cellar.rs", "pub fn wine() {}"),
        ("kitchen.rs", "pub use crate::cellar::wine; pub fn cook() {}"),
        ("hall.rs", "use crate::kitchen::{cook, wine};"),
    ] {
        fs::write(root.path().join(name), text).unwrap();
    }
    let used = rooms_used_in(root.path());
    let of_the_hall = &used[&["hall".to_owned()][..]];
    assert_eq!(*of_the_hall, ["cellar", "kitchen"].map(str::to_owned).into());
}

#[test]
fn the_table_of_rooms_has_a_line_for_each_room_and_names_none_that_does_not_exist() {
    let document = fs::read_to_string("docs/architecture.md").unwrap();
    let mut described = Vec::new();
    for row in document.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let paths = cells[1].split('`').skip(1).step_by(2).filter(|path| path.contains('/'));
        for path in paths {
            assert!(Path::new(path).exists(), "docs/architecture.md names {path}");
            assert!(
                !cells[2].is_empty(),
                "docs/architecture.md does not say what {path} holds"
            );
            described.extend(path.strip_prefix("src/").map(str::to_owned));
        }
    }
    let entries = fs::read_dir("src").unwrap().map(|entry| entry.unwrap());
    let names = entries.map(|entry| {
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() { name + "/" } else { name }
    });
    let mut rooms: Vec<String> = names
        .filter(|name| !matches!(name.as_str(), "lib.rs" | "main.rs"))
        .collect();
    rooms.sort();
    described.sort();
    assert_eq!(described, rooms);
}

#[test]
fn broker_docker_and_database_are_spoken_to_in_one_room_each() {
    let mut wrong = Vec::new();
    for (module, tokens) in modules(Path::new("src")) {
        let room = module.first().map_or("", String::as_str);
        let words = words_in(tokens);
        for (name, owners) in OWNED_CRATES {
            if words.contains(name) && !owners.contains(&room) {
                wrong.push(format!("{} names {name}", module.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_file_is_longer_than_one_can_hold_in_the_head() {
    let mut long = Vec::new();
    for root in [
        "src",
        "bench",
        "control-groups",
        "docker-box",
        "docker-proxy",
        "docker-streams",
        "guest",
        "jailer",
        "runner",
        "protocol",
        "seccomp",
        "tests",
    ] {
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
fn what_memory_has_no_room_for_is_decided_by_the_last_use() {
    // By frequency, which is what moka does unasked, what is new would not be kept.
    let mut caches = 0;
    for (file, text) in sources(Path::new("src")) {
        let (made, by_last_use) = ("Cache::builder()", "EvictionPolicy::lru()");
        caches += text.matches(made).count();
        assert_eq!(
            text.matches(made).count(),
            text.matches(by_last_use).count(),
            "{}: each cache says its policy",
            file.display()
        );
    }
    assert!(caches > 3, "{caches}");
}

/// Where the whole tree of settings may be handed over: to a command, to the service, and to what takes its parts out.
/// The rest is given the parts that it needs.
const TAKING_ALL_SETTINGS: [&str; 19] = [
    "cli::config::run",
    "cli::config::shown",
    "cli::doctor::run",
    "cli::eval::run",
    "cli::judge::run",
    "cli::run::run",
    "cli::serve::run",
    "cli::submit::run",
    "cli::verify::run",
    "cli::verify::verification::from",
    "cli::worker::run",
    "serve::bind",
    "serve::serve",
    "serve::serve_standalone",
    "worker::serve",
    "worker::serve_with",
    "worker::settings::from",
    "worker::settings::from",
    "worker::start::start",
];

#[test]
fn only_entry_points_take_the_whole_tree_of_settings() {
    let mut taking = Vec::new();
    for (module, tokens) in modules(Path::new("src")) {
        let name = module.join("::");
        let is_the_settings_own = name == "config" || name.starts_with("config::");
        if !is_the_settings_own {
            let functions = functions_taking(tokens, "Settings").into_iter();
            taking.extend(functions.map(|function| format!("{name}::{function}")));
        }
    }
    taking.sort();
    assert_eq!(taking, TAKING_ALL_SETTINGS);
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
    assert_eq!(naming, ["docker/test-vm.sh", "docker/test.sh"].map(Path::new));
    // What docker/lib/binaries.sh looks for in the worker that goes into the image.
    let program = fs::read(env!("CARGO_BIN_EXE_assize")).unwrap();
    let is_there = |name: &str| program.windows(name.len()).any(|window| window == name.as_bytes());
    assert_eq!(is_there("ASSIZE_FAILPOINT"), cfg!(feature = "failpoints"));
    assert_eq!(is_there("sandbox.process.runner"), cfg!(feature = "process-backend"));
    assert!(!default.contains("process-backend"), "{default}");
}

/// Said by a box that runs nothing, see bench/scale/simulated.
const SAID_BY_A_SIMULATED_BOX: &str = "a simulated box has ended";

#[test]
fn boxes_that_run_nothing_are_in_the_benchmark_and_no_setting_of_the_program_names_them() {
    let runner = fs::read_to_string("bench/scale/simulated/runner.rs").unwrap();
    assert!(runner.contains(SAID_BY_A_SIMULATED_BOX));
    let program = fs::read(env!("CARGO_BIN_EXE_assize")).unwrap();
    let said = SAID_BY_A_SIMULATED_BOX.as_bytes();
    assert!(!program.windows(said.len()).any(|window| window == said));
    let mut settings = assize::config::load(None).unwrap().sandbox;
    "simulated".clone_into(&mut settings.backend);
    let refused = assize::sandbox::check_settings(&settings, []).unwrap_err();
    assert_eq!(refused.key, "sandbox.backend");
    let manifest = fs::read_to_string("Cargo.toml").unwrap();
    let built = manifest.lines().find(|line| line.starts_with("default-members = ["));
    assert!(!built.unwrap().contains("\"bench\""), "{built:?}");
}

#[test]
fn each_migration_has_a_version_of_its_own() {
    let mut versions: Vec<String> = files(Path::new("migrations"))
        .iter()
        .map(|file| {
            let name = file.file_name().unwrap().to_str().unwrap();
            name.split('_').next().unwrap().to_owned()
        })
        .collect();
    versions.sort();
    let all = versions.clone();
    versions.dedup();
    assert_eq!(versions, all);
    assert!(all.len() > 5, "{all:?}");
}
