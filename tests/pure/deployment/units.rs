//! The units of systemd: users, and the directories of sockets.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::documents::{object, under, units};

/// What the units say about one thing, each with its file.
fn said(key: &str) -> Vec<(PathBuf, String)> {
    let lines = |unit: PathBuf| {
        let text = fs::read_to_string(&unit).unwrap();
        let values = text
            .lines()
            .filter_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        values.map(|value| (unit.clone(), value.to_owned())).collect::<Vec<_>>()
    };
    units().into_iter().flat_map(lines).collect()
}

#[test]
fn programs_run_as_users_that_exist() {
    let dockerfile = fs::read_to_string("docker/worker/Dockerfile").unwrap();
    for user in under("runAsUser", &object("Deployment", "assize-worker")) {
        assert!(dockerfile.contains(&format!("--uid {user} ")), "{user}");
    }
    let users = fs::read_to_string("deploy/systemd/sysusers.conf").unwrap();
    let mut named = 0;
    for unit in units() {
        let unit = fs::read_to_string(unit).unwrap();
        for (kind, key) in [("u", "User="), ("g", "Group=")] {
            let Some(name) = unit.lines().find_map(|line| line.strip_prefix(key)) else {
                continue;
            };
            let is_made = |line: &str| line.starts_with(&format!("{kind} {name} "));
            assert!(users.lines().any(is_made), "{kind} {name}");
            named += 1;
        }
    }
    assert!(named >= 5, "{named} users and groups");
}

/// systemd makes such a directory for the user of a unit when it starts, and removes it when it stops.
#[test]
fn no_two_units_have_the_same_runtime_directory() {
    let named: Vec<String> = said("RuntimeDirectory")
        .into_iter()
        .map(|(_unit, value)| value)
        .collect();
    assert_eq!(named.iter().collect::<BTreeSet<_>>().len(), named.len(), "{named:?}");
}

#[test]
fn sockets_are_made_in_the_directory_of_their_unit_and_looked_for_there() {
    let directory = |program: &str| {
        let directories = said("RuntimeDirectory");
        let of_program = |(unit, _value): &&(PathBuf, String)| unit.ends_with(format!("{program}.service"));
        format!("/run/{}/", directories.iter().find(of_program).unwrap().1)
    };
    let variables = said("Environment");
    let value = |name: &str| {
        let pairs = variables.iter().filter_map(|(_unit, pair)| pair.split_once('='));
        let mut found = pairs.filter(|(variable, _value)| *variable == name);
        found.next().unwrap().1.trim_start_matches("unix://").to_owned()
    };
    let proxy = value("ASSIZE_DOCKER_PROXY_LISTEN");
    assert!(proxy.starts_with(&directory("assize-docker-proxy")), "{proxy}");
    assert_eq!(value("ASSIZE__SANDBOX__DOCKER__HOST"), proxy);
    let jailer = assize::config::load(Some(Path::new("deploy/systemd/worker.toml"))).unwrap();
    let jailer = jailer.sandbox.nsjail.socket;
    assert!(jailer.starts_with(directory("assize-jailer")), "{}", jailer.display());
}

/// A unit has a `/tmp` of its own, so workers that kept their locks there would take each other's CPUs.
#[test]
fn workers_share_the_directory_of_the_locks_of_cpus() {
    let unit = fs::read_to_string("deploy/systemd/assize-worker.service").unwrap();
    let value = |key: &str| unit.lines().find_map(|line| line.strip_prefix(key));
    let directory = value("RuntimeDirectory=").unwrap();
    let locks = value("Environment=ASSIZE__SANDBOX__CPUS_DIRECTORY=");
    assert_eq!(locks, Some(format!("/run/{directory}").as_str()));
    assert_eq!(value("RuntimeDirectoryPreserve="), Some("yes"));
}

/// What makes boxes is enabled beside a worker: there are several such programs, and a host without Docker has no group
/// `docker` for the proxy.
#[test]
fn no_unit_needs_another_one_of_ours() {
    for key in ["Requires", "BindsTo", "Requisite"] {
        let needed = said(key);
        assert!(
            !needed.iter().any(|(_unit, value)| value.contains("assize-")),
            "{needed:?}"
        );
    }
}
