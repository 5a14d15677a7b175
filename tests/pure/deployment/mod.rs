//! The files that deploy Assize name settings, options, images, ports and probes that exist.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bounds;
mod documents;
mod kubernetes;
mod places;
mod programs;
mod units;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use documents::{compose, deploying_files, object, objects, texts, under, values};

#[test]
fn every_image_is_one_that_the_scripts_build() {
    let scripts = ["docker/images.sh", "docker/worker-nsjail.sh"].map(|script| fs::read_to_string(script).unwrap());
    let is_end = |c: char| c.is_whitespace() || c == '"';
    let words = scripts.iter().flat_map(|script| script.split(is_end));
    let built: BTreeSet<&str> = words
        .filter(|word| word.starts_with("assize/") && word.contains(':'))
        .collect();
    let compose = compose();
    let mut named = Vec::new();
    for image in under("image", &values()) {
        named.push(("values.yaml".to_owned(), image.as_str().unwrap().to_owned()));
    }
    for image in under("image", &compose) {
        named.push(("docker-compose.yml".to_owned(), image.as_str().unwrap().to_owned()));
    }
    for (place, object) in objects() {
        for image in under("image", &object) {
            named.push((place.clone(), image.as_str().unwrap().to_owned()));
        }
        // What an overlay gives another name.
        for image in object["images"].as_array().into_iter().flatten() {
            named.push((place.clone(), format!("{}:latest", image["name"].as_str().unwrap())));
        }
    }
    let settings = assize::config::load(None).unwrap();
    let boxes = settings.sandbox.docker.images.into_values();
    named.extend(boxes.map(|image| ("sandbox.docker.images".to_owned(), image)));
    named.retain(|(_place, image)| !built.contains(image.as_str()));
    assert_eq!(named, [], "built are {built:?}");
}

#[test]
fn the_proxy_before_docker_lets_through_the_images_of_the_settings() {
    let settings = assize::config::load(None).unwrap();
    let boxes: BTreeSet<String> = settings.sandbox.docker.images.into_values().collect();
    let proxy = assize_docker_proxy::Settings::load(None, []).unwrap();
    assert_eq!(proxy.images.into_iter().collect::<BTreeSet<_>>(), boxes);
}

#[test]
fn every_published_port_is_one_that_its_image_exposes() {
    let compose = compose();
    let mut wrong = Vec::new();
    for (name, service) in compose["services"].as_object().unwrap() {
        for published in texts(&service["ports"]) {
            let port = published.rsplit(':').next().unwrap();
            let dockerfile = Path::new("docker").join(name).join("Dockerfile");
            // Grafana has no package, so only the official image is used.
            let Ok(dockerfile) = fs::read_to_string(dockerfile) else {
                continue;
            };
            let exposed = dockerfile.lines().filter_map(|line| line.strip_prefix("EXPOSE "));
            if !exposed.flat_map(str::split_whitespace).any(|exposed| exposed == port) {
                wrong.push(format!("{name} exposes no port {port}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_directory_that_the_settings_of_compose_name_is_mounted_where_they_are_used() {
    let compose = compose();
    let mut wrong = Vec::new();
    for (name, service) in compose["services"].as_object().unwrap() {
        let mounts: Vec<String> = (service["volumes"].as_array().into_iter().flatten())
            .filter_map(|volume| match volume.as_str() {
                Some(text) => text.split(':').nth(1).map(str::to_owned),
                None => volume["target"].as_str().map(str::to_owned),
            })
            .collect();
        for (variable, value) in service["environment"].as_object().into_iter().flatten() {
            let is_directory = variable.starts_with("ASSIZE__") && variable.ends_with("_DIRECTORY");
            let directory = value.as_str().unwrap_or_default();
            if is_directory && directory.starts_with('/') && !mounts.iter().any(|mount| mount == directory) {
                wrong.push(format!("{name}: {variable} is {directory}, which is not mounted"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// By default Docker keeps all that a container has ever logged.
#[test]
fn the_log_of_every_service_that_stays_is_bounded() {
    for file in ["docker-compose.yml", "deploy/cluster/docker-compose.yml"] {
        let compose = documents::documents(Path::new(file)).remove(0);
        for (name, service) in compose["services"].as_object().unwrap() {
            let options = &service["logging"]["options"];
            let is_bounded = options["max-size"].is_string() && options["max-file"].is_string();
            assert!(is_bounded || service["restart"].is_null(), "{file}: {name}");
        }
    }
}

#[test]
fn the_chart_has_the_version_of_the_program_that_it_installs() {
    let chart: Value = serde_saphyr::from_str(&fs::read_to_string("deploy/helm/assize/Chart.yaml").unwrap()).unwrap();
    for key in ["version", "appVersion"] {
        assert_eq!(chart[key], env!("CARGO_PKG_VERSION"), "{key}");
    }
}

#[test]
fn a_worker_that_is_stopped_has_the_time_to_finish() {
    let grace = |file: Option<&str>| {
        let settings = assize::config::load(file.map(Path::new)).unwrap();
        settings.worker.shutdown_grace_ms / 1000
    };
    let seconds = |text: &Value| text.as_str().unwrap().trim_end_matches('s').parse::<u64>().unwrap();
    for service in ["worker", "worker-nsjail"] {
        assert!(seconds(&compose()["services"][service]["stop_grace_period"]) > grace(None));
    }
    let unit = fs::read_to_string("deploy/systemd/assize-worker.service").unwrap();
    let stop = unit
        .lines()
        .find_map(|line| line.strip_prefix("TimeoutStopSec="))
        .unwrap();
    assert!(stop.parse::<u64>().unwrap() > grace(Some("deploy/systemd/worker.toml")));
    let pod = &object("Deployment", "assize-worker")["spec"]["template"]["spec"];
    let stop = pod["terminationGracePeriodSeconds"].as_u64().unwrap();
    assert!(stop > grace(Some(kubernetes::WORKER_SETTINGS)));
}

#[test]
fn prometheus_finds_every_service_of_compose_that_judges_or_serves() {
    let prometheus = fs::read_to_string("deploy/prometheus/prometheus.yml").unwrap();
    let prometheus: Value = serde_saphyr::from_str(&prometheus).unwrap();
    let found: BTreeSet<String> = under("names", &prometheus).into_iter().flat_map(texts).collect();
    let compose = compose();
    let services = compose["services"].as_object().unwrap().iter();
    let ours = services.filter(|(_name, service)| {
        let command = texts(&service["command"]);
        command == ["worker"] || command == ["serve"]
    });
    assert_eq!(
        ours.map(|(name, _service)| name.clone()).collect::<BTreeSet<_>>(),
        found
    );
}

/// Compose passes over containers and volumes of profiles that are not named.
#[test]
fn what_is_started_only_when_it_is_named_is_stopped_with_the_rest() {
    let script = fs::read_to_string("docker/stop.sh").unwrap();
    let profiles: BTreeSet<String> = under("profiles", &compose()).into_iter().flat_map(texts).collect();
    assert!(!profiles.is_empty());
    // Commands of people, which end by themselves.
    for profile in profiles.iter().filter(|profile| *profile != "cli") {
        assert!(script.contains(&format!("--profile {profile} ")), "{profile}");
    }
}

/// Without any no HTTP client can be made, so that a worker with `problems.url` would not start.
#[test]
fn the_image_of_the_worker_has_the_authorities_that_https_trusts() {
    let dockerfile = fs::read_to_string("docker/worker/Dockerfile").unwrap();
    assert!(dockerfile.contains(" ca-certificates "), "{dockerfile}");
}

#[test]
fn no_file_that_deploys_asks_for_a_runtime_that_workers_refuse() {
    for file in deploying_files() {
        let text = fs::read_to_string(&file).unwrap().to_lowercase();
        for refused in ["runsc", "gvisor"] {
            assert!(!text.contains(refused), "{}: {refused}", file.display());
        }
    }
}
