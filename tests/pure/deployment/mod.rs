//! The files that deploy Assize name settings, options, images, ports and probes that exist.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod documents;
mod programs;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use documents::{compose, objects, of_kind, texts, under, units, values};

/// The settings of workers on Kubernetes.
const WORKER_SETTINGS: &str = "deploy/kubernetes/base/worker.toml";

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

#[test]
fn what_reaches_a_worker_or_a_service_knows_the_port_at_which_it_listens() {
    let on_kubernetes = assize::config::load(Some(Path::new(WORKER_SETTINGS))).unwrap();
    let port = u64::from(on_kubernetes.http.address().unwrap().port());
    for worker in of_kind("Deployment") {
        for declared in under("containerPort", &worker) {
            assert_eq!(declared, port);
        }
    }
    let policy = of_kind("NetworkPolicy").remove(0);
    assert_eq!(under("port", &policy["spec"]["ingress"]), [port]);
    let listen = &compose()["services"]["worker"]["environment"]["ASSIZE__HTTP__LISTEN"];
    assert_eq!(listen, &format!("0.0.0.0:{port}"));
    let prometheus: Value =
        serde_saphyr::from_str(&fs::read_to_string("deploy/prometheus/prometheus.yml").unwrap()).unwrap();
    let service = assize::config::load(None).unwrap().serve.monitoring;
    let service = u64::from(service.address().unwrap().port());
    assert_eq!(under("port", &prometheus), [port, service]);
}

#[test]
fn workers_may_reach_the_ports_of_broker_and_database() {
    let policy = of_kind("NetworkPolicy").remove(0);
    let open: Vec<u64> = under("port", &policy["spec"]["egress"])
        .into_iter()
        .filter_map(Value::as_u64)
        .collect();
    let settings = assize::config::load(None).unwrap();
    for url in [settings.broker.url, settings.store.url] {
        let port = url::Url::parse(&url).unwrap().port().unwrap();
        assert!(open.contains(&u64::from(port)), "{port} is none of {open:?}");
    }
}

#[test]
fn every_probe_asks_at_a_named_port_for_what_a_worker_serves() {
    let service = fs::read_to_string("src/health/service.rs").unwrap();
    let mut probes = 0;
    for worker in of_kind("Deployment") {
        let ports: Vec<&Value> = under("ports", &worker);
        for probe in under("httpGet", &worker) {
            let path = probe["path"].as_str().unwrap();
            assert!(service.contains(&format!("\"{path}\" =>")), "a worker serves no {path}");
            let is_named = |list: &&Value| {
                list.as_array()
                    .unwrap()
                    .iter()
                    .any(|port| port["name"] == probe["port"])
            };
            assert!(ports.iter().any(is_named), "no port is called {}", probe["port"]);
            probes += 1;
        }
    }
    assert!(probes >= 2, "{probes} probes");
}

#[test]
fn autoscaling_looks_at_the_queues_that_workers_consume() {
    let scaled = of_kind("ScaledObject").remove(0);
    let settings = assize::config::load(Some(Path::new(WORKER_SETTINGS))).unwrap();
    assert_eq!(
        under("queueName", &scaled),
        [settings.broker.queue.as_str(), settings.broker.bulk_queue.as_str()]
    );
    let worker = &of_kind("Deployment")[0]["metadata"]["name"];
    assert_eq!(&scaled["spec"]["scaleTargetRef"]["name"], worker);
}

#[test]
fn the_chart_has_the_version_of_the_program_that_it_installs() {
    let chart: Value = serde_saphyr::from_str(&fs::read_to_string("deploy/helm/assize/Chart.yaml").unwrap()).unwrap();
    for key in ["version", "appVersion"] {
        assert_eq!(chart[key], env!("CARGO_PKG_VERSION"), "{key}");
    }
}

#[test]
fn policies_select_the_pods_of_workers() {
    let pods = &of_kind("Deployment")[0]["spec"]["template"]["metadata"]["labels"];
    let selectors = [
        &of_kind("NetworkPolicy")[0]["spec"]["podSelector"]["matchLabels"],
        &of_kind("PodDisruptionBudget")[0]["spec"]["selector"]["matchLabels"],
        &of_kind("Deployment")[0]["spec"]["selector"]["matchLabels"],
    ];
    for selector in selectors {
        assert_eq!(selector, pods);
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
    for worker in of_kind("Deployment") {
        for pod in under("terminationGracePeriodSeconds", &worker) {
            assert!(pod.as_u64().unwrap() > grace(Some(WORKER_SETTINGS)));
        }
    }
}

#[test]
fn programs_run_as_users_that_exist() {
    let dockerfile = fs::read_to_string("docker/worker/Dockerfile").unwrap();
    for user in under("runAsUser", &of_kind("Deployment")[0]) {
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
