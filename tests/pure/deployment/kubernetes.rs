//! The manifests of Kubernetes: ports, probes, policies, and what a pod reserves of its node.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::bounds::memory_of_a_slot;
use super::documents::{compose, object, of_kind, under};

/// The settings of workers on Kubernetes.
pub(super) const WORKER_SETTINGS: &str = "deploy/kubernetes/base/worker.toml";

const SERVE_SETTINGS: &str = "deploy/kubernetes/components/serve/serve.toml";

const PROXY_SETTINGS: &str = "deploy/kubernetes/base/docker-proxy.toml";

const EXAMPLE: &str = "deploy/kubernetes/overlays/example/judge-nodes.yaml";

/// What runs there.
const DEPLOYMENTS: [&str; 2] = ["assize-worker", "assize-serve"];

fn settings(file: &str) -> assize::config::Settings {
    assize::config::load(Some(Path::new(file))).unwrap()
}

#[test]
fn what_reaches_a_worker_or_a_service_knows_the_port_at_which_it_listens() {
    let port = settings(WORKER_SETTINGS).http.address().unwrap().port();
    assert_eq!(under("containerPort", &object("Deployment", "assize-worker")), [port]);
    let policy = object("NetworkPolicy", "assize-worker");
    assert_eq!(under("port", &policy["spec"]["ingress"]), [port]);
    let listen = &compose()["services"]["worker"]["environment"]["ASSIZE__HTTP__LISTEN"];
    assert_eq!(listen, &format!("0.0.0.0:{port}"));
    let serve = settings(SERVE_SETTINGS).serve;
    let ports = [serve.listen.port(), serve.monitoring.address().unwrap().port()];
    assert_eq!(under("containerPort", &object("Deployment", "assize-serve")), ports);
    let policy = object("NetworkPolicy", "assize-serve");
    assert_eq!(under("port", &policy["spec"]["ingress"]), ports);
    let prometheus: Value =
        serde_saphyr::from_str(&fs::read_to_string("deploy/prometheus/prometheus.yml").unwrap()).unwrap();
    let service = assize::config::load(None).unwrap().serve.monitoring;
    assert_eq!(under("port", &prometheus), [port, service.address().unwrap().port()]);
}

#[test]
fn workers_and_services_may_reach_the_ports_of_broker_and_database() {
    let settings = assize::config::load(None).unwrap();
    for name in DEPLOYMENTS {
        let policy = object("NetworkPolicy", name);
        let open: Vec<u64> = under("port", &policy["spec"]["egress"])
            .into_iter()
            .filter_map(Value::as_u64)
            .collect();
        for url in [&settings.broker.url, &settings.store.url] {
            let port = url::Url::parse(url).unwrap().port().unwrap();
            assert!(open.contains(&u64::from(port)), "{name}: {port} is none of {open:?}");
        }
    }
}

#[test]
fn every_probe_asks_at_a_named_port_for_what_is_served_there() {
    let service = fs::read_to_string("src/health/service.rs").unwrap();
    for name in DEPLOYMENTS {
        let deployment = object("Deployment", name);
        let ports: Vec<&Value> = under("ports", &deployment);
        let probes = under("httpGet", &deployment);
        assert_eq!(probes.len(), 2, "{name}");
        for probe in probes {
            let path = probe["path"].as_str().unwrap();
            assert!(service.contains(&format!("\"{path}\" =>")), "nothing serves {path}");
            let is_named = |list: &&Value| {
                let mut ports = list.as_array().unwrap().iter();
                ports.any(|port| port["name"] == probe["port"])
            };
            assert!(ports.iter().any(is_named), "no port is called {}", probe["port"]);
        }
    }
    let leads_to = &object("Service", "assize-serve")["spec"]["ports"][0]["targetPort"];
    let ports = &object("Deployment", "assize-serve")["spec"]["template"]["spec"]["containers"][0]["ports"];
    assert_eq!(leads_to, &ports[0]["name"]);
}

#[test]
fn autoscaling_looks_at_the_queues_that_workers_consume() {
    let scaled = of_kind("ScaledObject").remove(0);
    let broker = settings(WORKER_SETTINGS).broker;
    assert_eq!(
        under("queueName", &scaled),
        [broker.queue.as_str(), broker.bulk_queue.as_str()]
    );
    assert_eq!(scaled["spec"]["scaleTargetRef"]["name"], "assize-worker");
}

/// By default KEDA sets a fleet whose queues it cannot look at to a number, also where that is less.
#[test]
fn no_fleet_shrinks_since_its_queues_cannot_be_looked_at() {
    let scaled = of_kind("ScaledObject").remove(0);
    assert_eq!(scaled["spec"]["fallback"]["behavior"], "currentReplicasIfHigher");
    let chart = fs::read_to_string("deploy/helm/assize/templates/keda.yaml").unwrap();
    assert!(chart.contains("behavior: currentReplicasIfHigher"));
}

#[test]
fn selectors_select_the_pods_that_they_mean() {
    for name in DEPLOYMENTS {
        let deployment = object("Deployment", name);
        let pods = &deployment["spec"]["template"]["metadata"]["labels"];
        let selectors = [
            &object("NetworkPolicy", name)["spec"]["podSelector"]["matchLabels"],
            &object("PodDisruptionBudget", name)["spec"]["selector"]["matchLabels"],
            &deployment["spec"]["selector"]["matchLabels"],
        ];
        for selector in selectors {
            assert_eq!(selector, pods, "{name}");
        }
    }
    let pods = &object("Deployment", "assize-serve")["spec"]["template"]["metadata"]["labels"];
    assert_eq!(&object("Service", "assize-serve")["spec"]["selector"], pods);
}

/// A worker and its proxy on a judge node.
struct Judge {
    slots: u64,
    /// Which the node keeps free for boxes.
    requested_bytes: u64,
    /// Which all boxes may have together by their limits.
    allowed_bytes: u64,
}

#[test]
fn the_boxes_of_all_slots_find_the_memory_that_they_need() {
    let worker = settings(WORKER_SETTINGS);
    let proxy = assize_docker_proxy::Settings::load(Some(Path::new(PROXY_SETTINGS)), []).unwrap();
    let base = object("Deployment", "assize-worker");
    let example: Value = serde_saphyr::from_str(&fs::read_to_string(EXAMPLE).unwrap()).unwrap();
    let variable = |name: &str| {
        let entries = under("env", &example)
            .into_iter()
            .flat_map(|list| list.as_array().unwrap());
        let mut found = entries.filter(|entry| entry["name"] == name);
        found.next().unwrap()["value"].as_str().unwrap().parse::<u64>().unwrap()
    };
    let judges = [
        Judge {
            slots: worker.worker.slots as u64,
            requested_bytes: requested_bytes(&base),
            allowed_bytes: proxy.all_memory_bytes,
        },
        Judge {
            slots: variable("ASSIZE__WORKER__SLOTS"),
            requested_bytes: requested_bytes(&example),
            allowed_bytes: variable("ASSIZE_DOCKER_PROXY_ALL_MEMORY_BYTES"),
        },
    ];
    let (program, validator) = (worker.limits.default.memory_bytes, worker.validators.memory_bytes);
    for judge in judges {
        assert!(judge.requested_bytes >= judge.slots * (program + validator) + worker.problems.memory_bytes);
        assert!(judge.allowed_bytes >= judge.slots * memory_of_a_slot(&worker));
    }
}

/// What the worker's container requests, in GiB as the manifests have it.
fn requested_bytes(deployment: &Value) -> u64 {
    let worker = &deployment["spec"]["template"]["spec"]["containers"][0]["resources"];
    assert_eq!(worker["requests"]["memory"], worker["limits"]["memory"]);
    let text = worker["requests"]["memory"].as_str().unwrap();
    text.strip_suffix("Gi").unwrap().parse::<u64>().unwrap() << 30
}

/// A probe of the proxy asks it for the daemon, so a sidecar whose mount is of an old socket is started anew.
#[test]
fn the_proxy_beside_a_worker_is_started_anew_where_it_does_not_reach_docker() {
    let deployment = object("Deployment", "assize-worker");
    let proxy = &deployment["spec"]["template"]["spec"]["initContainers"][0];
    assert_eq!(proxy["restartPolicy"], "Always");
    for probe in ["startupProbe", "livenessProbe"] {
        let command = proxy[probe]["exec"]["command"].as_array().unwrap();
        assert_eq!(command.last().unwrap(), "--check", "{probe}");
    }
    let alive = &proxy["livenessProbe"];
    let patience = alive["periodSeconds"].as_u64().unwrap() * alive["failureThreshold"].as_u64().unwrap();
    assert!(patience > 60, "an upgrade of Docker takes a minute: {patience}");
    assert_eq!(compose()["services"]["docker-proxy"]["restart"], "unless-stopped");
}
