//! What deploys Assize, as documents: compose, Kubernetes, systemd.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::places::{Place, of_container, of_service, of_unit as places_of_unit};
use crate::paths::files;

/// A program of ours with the variables that it is started with.
pub(super) struct Start {
    pub(super) place: String,
    pub(super) program: String,
    /// Empty: those of the image.
    pub(super) arguments: Vec<String>,
    pub(super) environment: BTreeMap<String, String>,
    /// Where it can write.
    pub(super) places: Vec<Place>,
}

/// Every file that deploys Assize.
pub(super) fn deploying_files() -> Vec<PathBuf> {
    ["docker-compose.yml", "deploy", "docker", "jailer/assize-jailer.service"]
        .iter()
        .flat_map(|root| files(Path::new(root)))
        .collect()
}

pub(super) fn compose() -> Value {
    documents(Path::new("docker-compose.yml")).remove(0)
}

/// The default values of the Helm chart.
pub(super) fn values() -> Value {
    documents(Path::new("deploy/helm/assize/values.yaml")).remove(0)
}

/// Every object of Kubernetes, with the file that it is in.
pub(super) fn objects() -> Vec<(String, Value)> {
    let is_yaml = |file: &PathBuf| file.extension().is_some_and(|extension| extension == "yaml");
    let manifests = files(Path::new("deploy/kubernetes")).into_iter().filter(is_yaml);
    let objects = manifests.flat_map(|file| {
        let place = file.display().to_string();
        documents(&file).into_iter().map(move |object| (place.clone(), object))
    });
    objects.collect()
}

/// The objects of this kind.
pub(super) fn of_kind(kind: &str) -> Vec<Value> {
    let objects = objects().into_iter().map(|(_place, object)| object);
    let found: Vec<Value> = objects.filter(|object| object["kind"] == kind).collect();
    assert!(!found.is_empty(), "there is no {kind}");
    found
}

/// The object of this kind and name, as it is before an overlay changes it.
pub(super) fn object(kind: &str, name: &str) -> Value {
    let mut found = objects().into_iter().filter(|(place, object)| {
        !place.contains("/overlays/") && object["kind"] == kind && object["metadata"]["name"] == name
    });
    found.next().unwrap_or_else(|| panic!("there is no {kind} {name}")).1
}

pub(super) fn documents(file: &Path) -> Vec<Value> {
    serde_saphyr::from_multiple(&fs::read_to_string(file).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// What stands under this key, wherever it is in a document.
pub(super) fn under<'a>(key: &str, document: &'a Value) -> Vec<&'a Value> {
    match document {
        Value::Object(map) => {
            let inner = map.values().flat_map(|value| under(key, value));
            map.get(key).into_iter().chain(inner).collect()
        }
        Value::Array(list) => list.iter().flat_map(|value| under(key, value)).collect(),
        _ => Vec::new(),
    }
}

/// The texts of a list.
pub(super) fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// Every program of ours that is started, from all three.
pub(super) fn starts() -> Vec<Start> {
    let mut starts = of_compose();
    starts.extend(of_kubernetes());
    starts.extend(of_systemd());
    starts
}

fn of_compose() -> Vec<Start> {
    let compose = compose();
    let services = compose["services"].as_object().unwrap().iter();
    let ours = services.filter(|(_name, service)| service["image"] == "assize/worker:latest");
    let start = |(name, service): (&String, &Value)| Start {
        place: format!("docker-compose.yml: {name}"),
        program: "assize".to_owned(),
        arguments: texts(&service["command"]),
        environment: texts_of(&service["environment"]),
        places: of_service(service),
    };
    ours.map(start).collect()
}

fn texts_of(map: &Value) -> BTreeMap<String, String> {
    let map = map.as_object().unwrap().iter();
    map.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect()
}

fn of_kubernetes() -> Vec<Start> {
    let mut found = Vec::new();
    for (place, object) in objects() {
        let lists = under("containers", &object)
            .into_iter()
            .chain(under("initContainers", &object));
        for container in lists.flat_map(|list| list.as_array().unwrap()) {
            let program = match container["name"].as_str().unwrap() {
                "worker" | "serve" => "assize",
                name => &format!("assize-{name}"),
            };
            let variables = container["env"].as_array().into_iter().flatten();
            let variable = |entry: &Value| {
                let value = entry["value"].as_str().unwrap_or("worker-0");
                (entry["name"].as_str().unwrap().to_owned(), value.to_owned())
            };
            found.push(Start {
                place: place.clone(),
                program: program.to_owned(),
                arguments: texts(&container["args"]),
                environment: variables.map(variable).collect(),
                places: of_container(container, &object),
            });
        }
    }
    found
}

fn of_systemd() -> Vec<Start> {
    units().iter().map(|file| of_unit(file)).collect()
}

/// Every unit of systemd.
pub(super) fn units() -> Vec<PathBuf> {
    let is_unit = |file: &PathBuf| file.extension().is_some_and(|extension| extension == "service");
    deploying_files().into_iter().filter(is_unit).collect()
}

fn of_unit(file: &Path) -> Start {
    let unit = fs::read_to_string(file).unwrap();
    let values = |key: &str| {
        let lines = unit
            .lines()
            .filter_map(move |line| line.strip_prefix(key)?.strip_prefix('='));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let mut command = shlex::split(&values("ExecStart")[0]).unwrap().into_iter();
    let path = PathBuf::from(command.next().unwrap());
    let variables = values("Environment");
    let pairs = variables.iter().map(|pair| pair.split_once('=').unwrap());
    Start {
        place: file.display().to_string(),
        program: path.file_name().unwrap().to_str().unwrap().to_owned(),
        arguments: command.collect(),
        environment: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        places: places_of_unit(&unit),
    }
}

#[test]
fn no_key_stands_twice_in_an_object_of_a_json_file() {
    let is_json = |file: &PathBuf| file.extension().is_some_and(|extension| extension == "json");
    let found: Vec<PathBuf> = deploying_files().into_iter().filter(is_json).collect();
    assert!(!found.is_empty());
    for file in found {
        let text = fs::read_to_string(&file).unwrap();
        // JSON is YAML, of which the reader takes no key twice.
        let read: Result<Value, _> = serde_saphyr::from_str(&text);
        assert!(read.is_ok(), "{}: {}", file.display(), read.unwrap_err());
    }
    assert!(serde_saphyr::from_str::<Value>(r#"{"a": {"b": 1, "b": 2}}"#).is_err());
}
