//! What the judge writes to is a place that it can write to, with the room that the settings allow for it: in every way to
//! start it that is shipped.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use toml::Table;

use super::documents::{Start, object, starts, texts, under, values};
use super::programs::filled_in;

/// A directory in which a program can write, whatever else is read-only.
pub(super) struct Place {
    path: PathBuf,
    /// Its size, where it has one of its own.
    bytes: Option<u64>,
}

impl Place {
    fn at(path: &str) -> Self {
        Self {
            path: path.into(),
            bytes: None,
        }
    }
}

/// Those of a service of compose.
pub(super) fn of_service(service: &Value) -> Vec<Place> {
    assert_eq!(service["read_only"], true, "{service}");
    let volumes = service["volumes"].as_array().into_iter().flatten();
    let written = volumes.filter_map(|volume| match volume.as_str() {
        Some(text) => text.split_once(':').map(|(_name, target)| target),
        None => volume["target"].as_str().filter(|_target| volume["read_only"] != true),
    });
    let mounts = written.filter(|target| !target.ends_with(":ro")).map(Place::at);
    let in_memory = texts(&service["tmpfs"]).into_iter().map(|mount| {
        let (path, options) = mount.split_once(':').unwrap();
        let size = options.split(',').find_map(|option| option.strip_prefix("size="));
        let mebibytes = size.unwrap().strip_suffix('m').unwrap().parse::<u64>().unwrap();
        Place {
            path: path.into(),
            bytes: Some(mebibytes << 20),
        }
    });
    mounts.chain(in_memory).collect()
}

/// Those of a container of Kubernetes.
pub(super) fn of_container(container: &Value, pod: &Value) -> Vec<Place> {
    let volumes: Vec<&Value> = under("volumes", pod)
        .into_iter()
        .flat_map(|list| list.as_array().unwrap())
        .collect();
    let mounts = container["volumeMounts"].as_array().into_iter().flatten();
    let place = |mount: &Value| {
        let volume = volumes.iter().find(|volume| volume["name"] == mount["name"]);
        let size = volume.and_then(|volume| volume["emptyDir"]["sizeLimit"].as_str());
        Place {
            path: mount["mountPath"].as_str().unwrap().into(),
            bytes: size.map(bytes_of),
        }
    };
    mounts.filter(|mount| mount["readOnly"] != true).map(place).collect()
}

/// A size as Kubernetes has it.
fn bytes_of(size: &str) -> u64 {
    let (number, exponent) = match size.strip_suffix("Gi") {
        Some(number) => (number, 30),
        None => (size.strip_suffix("Mi").unwrap(), 20),
    };
    number.parse::<u64>().unwrap() << exponent
}

/// Those of a unit of systemd.
pub(super) fn of_unit(unit: &str) -> Vec<Place> {
    let keys = [
        ("CacheDirectory=", "/var/cache"),
        ("RuntimeDirectory=", "/run"),
        ("StateDirectory=", "/var/lib"),
    ];
    let named = unit.lines().filter_map(|line| {
        let (key, parent) = keys.iter().find(|(key, _parent)| line.starts_with(key))?;
        Some(Place::at(&format!("{parent}/{}", &line[key.len()..])))
    });
    let private = unit.lines().filter(|line| *line == "PrivateTmp=yes");
    named.chain(private.map(|_line| Place::at("/tmp"))).collect()
}

/// What a start of the judge writes to, with the bytes that may lie there.
fn written(start: &Start) -> Vec<(PathBuf, u64)> {
    let settings = settings_of(start);
    let value = |section: &str, key: &str| settings[section][key].clone();
    let path = |section, key| PathBuf::from(value(section, key).as_str().unwrap());
    let number = |section, key| u64::try_from(value(section, key).as_integer().unwrap()).unwrap();
    // A package is unpacked while its archive lies beside it.
    let packages = ["cache_bytes", "archive_bytes", "package_bytes"].map(|key| number("problems", key));
    let mut written = vec![(path("problems", "cache_directory"), packages.iter().sum())];
    if !start.arguments.contains(&"serve".to_owned()) {
        written.push((
            path("validators", "cache_directory"),
            number("validators", "cache_bytes"),
        ));
        written.push((path("sandbox", "cpus_directory"), 0));
    }
    written
}

/// The settings that hold for it, as `assize config show` prints them.
fn settings_of(start: &Start) -> Table {
    let mut show = Command::new(env!("CARGO_BIN_EXE_assize"));
    show.env_clear().env("HOME", home_of(start));
    for (name, value) in &start.environment {
        if !name.ends_with("_FILE") {
            show.env(name, filled_in(value));
        }
    }
    let mut arguments = start.arguments.iter();
    if arguments.any(|argument| argument == "--config") {
        let file = Path::new(arguments.next().unwrap()).file_name().unwrap();
        let place = Path::new(&start.place).parent().unwrap();
        show.arg("--config").arg(place.join(file));
    }
    let output = show.args(["config", "show"]).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {told}", start.place);
    String::from_utf8(output.stdout).unwrap().parse().unwrap()
}

/// The home directory of its user: that of the image, or of a user of systemd that names none.
fn home_of(start: &Start) -> &'static str {
    let home = "/var/lib/assize";
    let image = fs::read_to_string("docker/worker/Dockerfile").unwrap();
    assert!(image.contains(&format!("--home-dir {home} ")));
    match start.place.ends_with(".service") {
        true => "/",
        false => home,
    }
}

#[test]
fn what_the_judge_writes_to_can_be_written_and_has_the_room_that_its_settings_allow() {
    let mut wrong = Vec::new();
    let mut checked = 0;
    let judges = starts().into_iter().filter(|start| start.program == "assize");
    // An overlay says only what it changes.
    for start in judges.filter(|start| !start.place.contains("/overlays/")) {
        let mut used: BTreeMap<&Path, u64> = BTreeMap::new();
        for (path, bytes) in written(&start) {
            let around = start.places.iter().filter(|place| path.starts_with(&place.path));
            match around.max_by_key(|place| place.path.as_os_str().len()) {
                Some(place) => *used.entry(&place.path).or_default() += bytes,
                None => wrong.push(format!("{}: {} cannot be written", start.place, path.display())),
            }
        }
        for (path, needed) in used {
            let place = start.places.iter().find(|place| place.path == path).unwrap();
            if let Some(bytes) = place.bytes.filter(|bytes| *bytes < needed) {
                wrong.push(format!("{}: {} has {bytes}, not {needed}", start.place, path.display()));
            }
        }
        checked += 1;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(checked >= 8, "{checked} starts");
}

/// `deploy/helm/check.py` holds the rest of the chart against the manifests, where there is kubectl.
#[test]
fn the_chart_gives_the_caches_the_places_that_the_manifests_give_them() {
    for name in ["worker", "serve"] {
        let deployment = object("Deployment", &format!("assize-{name}"));
        let volumes = under("volumes", &deployment)[0].as_array().unwrap();
        let cache = volumes.iter().find(|volume| volume["name"] == "cache").unwrap();
        assert_eq!(values()[name]["cache"], cache["emptyDir"]["sizeLimit"], "{name}");
        let template = fs::read_to_string(format!("deploy/helm/assize/templates/{name}.yaml")).unwrap();
        let size = format!("- name: cache\n          emptyDir: {{ sizeLimit: {{{{ .Values.{name}.cache }}}} }}");
        for line in ["- { name: cache, mountPath: /var/cache/assize }", &size] {
            assert!(template.contains(line), "{name}: {line}");
        }
    }
}

/// A tmpfs has the mode of the directory of the image below it once its container has been started again, and a volume has
/// its owner and mode from there.
#[test]
fn what_is_mounted_for_the_judge_lies_over_a_directory_of_the_image_that_it_can_write() {
    let image = fs::read_to_string("docker/worker/Dockerfile").unwrap();
    let mut checked = 0;
    let of_compose = starts()
        .into_iter()
        .filter(|start| start.place.starts_with("docker-compose"));
    for place in of_compose.flat_map(|start| start.places) {
        let path = place.path.to_str().unwrap();
        let made = |options: &str| {
            image.contains(&format!("install -d {options} {path} "))
                || image.contains(&format!("install -d {options} {path}\n"))
        };
        let is_own = ["0700", "0755"]
            .iter()
            .any(|mode| made(&format!("-o assize -g assize -m {mode}")));
        assert!(path == "/tmp" || is_own || made("-m 1777"), "{path}");
        checked += usize::from(path != "/tmp");
    }
    assert!(checked >= 6, "{checked} mounts");
}
