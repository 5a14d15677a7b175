//! Programs are started with options and settings that they take.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use assize::cli::Assize;
use clap::Parser as _;
use serde_json::Value;
use toml::Table;

use super::documents::{compose, deploying_files, of_kind, starts, texts, under, values};
use crate::paths::files;

/// All variables of a program.
type Variables = fn() -> Vec<String>;

/// What the variables of each program begin with.
const FAMILIES: [(&str, Variables); 3] = [
    ("ASSIZE__", variables_of_assize),
    ("ASSIZE_DOCKER_PROXY_", variables_of_the_proxy),
    ("ASSIZE_JAILER_", variables_of_the_jailer),
];

#[test]
fn every_variable_in_a_deploying_file_names_a_setting() {
    let mut wrong = BTreeSet::new();
    for file in deploying_files() {
        let text = fs::read_to_string(&file).unwrap();
        let words = text.split(|c: char| !c.is_ascii_uppercase() && !c.is_ascii_digit() && c != '_');
        for word in words {
            for (prefix, known) in FAMILIES {
                if word.len() > prefix.len() && word.starts_with(prefix) && !known().contains(&word.to_owned()) {
                    wrong.insert(format!("{}: {word}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_file_of_settings_is_one_that_its_program_takes() {
    let is_toml = |file: &std::path::PathBuf| file.extension().is_some_and(|extension| extension == "toml");
    let mut loaded = 0;
    for file in files(Path::new("deploy")).into_iter().filter(is_toml) {
        let result = match file.file_name().and_then(|name| name.to_str()) {
            Some("docker-proxy.toml") => assize_docker_proxy::Settings::load(Some(&file), [])
                .map(drop)
                .map_err(|error| error.to_string()),
            _ => assize::config::load(Some(&file))
                .map(drop)
                .map_err(|error| error.to_string()),
        };
        assert_eq!(result, Ok(()), "{}", file.display());
        loaded += 1;
    }
    assert!(loaded >= 4, "{loaded} files");
}

#[test]
fn the_default_values_of_the_chart_are_the_settings_of_the_manifests() {
    let base = Path::new("deploy/kubernetes/base");
    let directory = tempfile::tempdir().unwrap();
    let values = values();
    let written = |name: &str, settings: &Value| {
        // A JSON value is a TOML value here, as in the templates.
        let lines = settings.as_object().unwrap().iter();
        let lines: Vec<String> = lines.map(|(key, value)| format!("{key} = {value}\n")).collect();
        let file = directory.path().join(name);
        fs::write(&file, lines.concat()).unwrap();
        file
    };
    let serve = Path::new("deploy/kubernetes/components/serve/serve.toml");
    for (name, of_manifests) in [("worker", &*base.join("worker.toml")), ("serve", serve)] {
        let mut settings = values[name]["settings"].clone();
        settings["broker.queue"] = values["queues"]["work"].clone();
        settings["broker.bulk_queue"] = values["queues"]["bulk"].clone();
        let of_chart = written("settings.toml", &settings);
        let load = |file: &Path| assize::config::load(Some(file)).unwrap();
        assert_eq!(load(&of_chart), load(of_manifests), "{name}");
    }
    let proxy = written("docker-proxy.toml", &values["dockerProxy"]["settings"]);
    let load = |file: &Path| assize_docker_proxy::Settings::load(Some(file), []).unwrap();
    assert_eq!(load(&proxy), load(&base.join("docker-proxy.toml")));
}

#[test]
fn every_start_of_the_judge_has_arguments_and_variables_that_it_takes() {
    let directory = tempfile::tempdir().unwrap();
    let mut checked = 0;
    for start in starts().into_iter().filter(|start| start.program == "assize") {
        // Without arguments it waits for those of a person.
        if !start.arguments.is_empty() {
            let command = [&["assize".to_owned()], &start.arguments[..]].concat();
            Assize::try_parse_from(command).unwrap_or_else(|error| panic!("{}: {error}", start.place));
        }
        let mut check = Command::new(env!("CARGO_BIN_EXE_assize"));
        check.args(["config", "check"]).env_clear();
        for (name, value) in &start.environment {
            let value = match name.strip_suffix("_URL_FILE") {
                Some(section) => url_in_a_file(directory.path(), section),
                None => filled_in(value),
            };
            check.env(name, value);
        }
        let output = check.output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {told}", start.place);
        checked += 1;
    }
    assert!(checked >= 5, "{checked} starts");
}

#[test]
fn the_programs_beside_the_judge_are_started_with_options_that_they_have() {
    for start in starts()
        .into_iter()
        .filter(|start| start.program.starts_with("assize-"))
    {
        let folder = start.program.trim_start_matches("assize-");
        let usage = fs::read_to_string(format!("{folder}/src/main.rs")).unwrap();
        for option in start.arguments.iter().filter(|argument| argument.starts_with("--")) {
            assert!(usage.contains(option.as_str()), "{}: {option}", start.place);
        }
    }
}

#[test]
fn every_check_of_a_container_is_a_program_of_its_image_with_options_that_it_has() {
    let dockerfile = |image: &str| fs::read_to_string(format!("docker/{image}/Dockerfile")).unwrap();
    let compose = compose();
    let mut checks: Vec<Vec<String>> = under("test", &compose).into_iter().map(texts).collect();
    let on_kubernetes = of_kind("Deployment");
    checks.extend(
        on_kubernetes
            .iter()
            .flat_map(|worker| under("command", worker))
            .map(texts),
    );
    let mut checked = 0;
    for check in checks {
        let mut words = check.iter().filter(|word| *word != "CMD");
        let program = words.next().unwrap();
        let arguments: Vec<&str> = words.map(String::as_str).collect();
        match program.as_str() {
            "/usr/local/bin/assize" => {
                assert!(dockerfile("worker").contains(program));
                Assize::try_parse_from([&["assize"], &arguments[..]].concat()).unwrap();
            }
            "/assize-docker-proxy" => {
                assert!(dockerfile("docker-proxy").contains(program));
                assert!(arguments.contains(&"--check"));
            }
            _ => continue,
        }
        checked += 1;
    }
    assert!(checked >= 4, "{checked} checks");
}

#[test]
fn every_variable_of_the_compose_file_is_in_the_example_of_its_settings() {
    let example = fs::read_to_string(".env.example").unwrap();
    let compose = fs::read_to_string("docker-compose.yml").unwrap();
    let mut missing = BTreeSet::new();
    for rest in compose.split("${").skip(1) {
        let name = rest.split([':', '}']).next().unwrap();
        let is_there = |line: &str| line.trim_start_matches('#').starts_with(&format!("{name}="));
        // It is set by a script, which knows where it was called.
        if name != "ASSIZE_FILES" && !example.lines().any(is_there) {
            missing.insert(name);
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}

/// A URL of the kind that this section of the settings has, in a file.
fn url_in_a_file(directory: &Path, section: &str) -> String {
    let url = match section {
        "ASSIZE__BROKER_" => "amqp://assize:secret@rabbitmq/%2f",
        "ASSIZE__STORE_" => "postgres://assize:secret@postgres/assize",
        other => panic!("no URL of {other} is given by a file"),
    };
    let file = directory.join(section);
    fs::write(&file, url).unwrap();
    file.to_str().unwrap().to_owned()
}

/// `${NAME:-default}` is its default, another variable a word; `%C` is a directory, as systemd has it.
pub(super) fn filled_in(value: &str) -> String {
    let Some((before, rest)) = value.split_once("${") else {
        return value.replace("%C", "/var/cache");
    };
    let (variable, behind) = rest.split_once('}').unwrap();
    let filled = variable.split_once(":-").map_or("secret", |(_name, default)| default);
    filled_in(&format!("{before}{filled}{behind}"))
}

fn variables_of_assize() -> Vec<String> {
    let defaults: Table = assize::config::DEFAULTS.parse().unwrap();
    let mut keys = Vec::new();
    collect(&defaults, "ASSIZE_", &mut keys);
    let files = ["BROKER", "STORE", "PROBLEMS"].map(|section| format!("ASSIZE__{section}__URL_FILE"));
    keys.into_iter().chain(files).collect()
}

fn collect(table: &Table, prefix: &str, variables: &mut Vec<String>) {
    for (name, value) in table {
        let variable = format!("{prefix}_{}", name.to_uppercase());
        match value.as_table() {
            Some(inner) => collect(inner, &format!("{variable}_"), variables),
            None => variables.push(variable),
        }
    }
}

fn variables_of_the_proxy() -> Vec<String> {
    let defaults: Table = assize_docker_proxy::DEFAULTS.parse().unwrap();
    let keys = defaults.keys().map(|key| key.to_uppercase());
    keys.chain(["CONFIG".to_owned()])
        .map(|key| format!("ASSIZE_DOCKER_PROXY_{key}"))
        .collect()
}

fn variables_of_the_jailer() -> Vec<String> {
    let defaults = fs::read_to_string("jailer/defaults.env").unwrap();
    let names = defaults.lines().filter_map(|line| line.split_once('='));
    names.map(|(name, _value)| name.to_owned()).collect()
}
