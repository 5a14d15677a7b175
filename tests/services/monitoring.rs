//! What a worker and a service really expose, held against what alert rules and dashboard ask for.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::gateway::Gateway;
use crate::http::{address_of, get, listening_ports, metric};
use crate::monitored::{expressions, selectors};
use crate::waiting::eventually;
use crate::worker::Namespace;

/// Series with their labels.
fn exposed(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::<String, BTreeSet<String>>::new();
    let series = text.lines().filter(|line| !line.starts_with('#')).flat_map(selectors);
    for selector in series {
        found.entry(selector.series).or_default().extend(selector.labels);
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_and_a_service_expose_every_series_that_alerts_and_dashboard_ask_for() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("monitoring", &[]).await;
    let gateway = Gateway::ready(&namespace).await;
    let source = "while True: pass";
    let limits = json!({ "cpu_ms": 100 });
    let tests = [json!({ "input": "", "answer": "" })];
    let slow = json!({ "source": source, "tests": tests, "limits": limits });
    let (status, state) = gateway.post("/v1/submissions?wait=50", &slow).await;
    assert_eq!((status, &state["verdict"]["verdict"]), (200, &json!("TLE")), "{state}");
    assert_eq!(gateway.get("/v1/nowhere").await.0, 404);

    let of_worker = address_of(&worker).await;
    let of_service = monitoring_of(&gateway).await;
    for (address, series, least) in [
        (&of_worker, "assize_limits_exceeded_total{limit=\"cpu\"}", 1.0),
        (&of_worker, "assize_queue_wait_seconds_count{queue=\"work\"}", 1.0),
        (&of_worker, "process_resident_memory_bytes", 1e6),
        (&of_worker, "process_open_fds", 4.0),
        (&of_service, "process_open_fds", 4.0),
        (&of_service, "assize_ready", 1.0),
        (
            &of_service,
            "assize_http_requests_total{route=\"/v1/submissions\",method=\"POST\",status=\"2xx\"}",
            1.0,
        ),
        (
            &of_service,
            "assize_http_requests_total{route=\"other\",method=\"GET\",status=\"4xx\"}",
            1.0,
        ),
        (
            &of_service,
            "assize_http_request_seconds_count{route=\"/v1/submissions\"}",
            1.0,
        ),
    ] {
        eventually(series, async || metric(address, series).await >= least).await;
    }
    // Each step was taken once.
    for phase in ["box", "compile", "run", "store", "publish"] {
        let series = format!("assize_phase_seconds_count{{phase=\"{phase}\"}}");
        eventually(&series, async || metric(&of_worker, &series).await >= 1.0).await;
    }
    assert!(metric(&of_worker, "assize_phase_seconds_count{phase=\"run\"}").await < 2.0);

    let mut missing = BTreeSet::new();
    let both = [
        get(&of_worker, "/metrics").await.1,
        get(&of_service, "/metrics").await.1,
    ];
    let [worker_has, service_has] = both.each_ref().map(|text| exposed(text));
    for (place, expression) in expressions() {
        let has = match expression.contains("assize-serve") || expression.contains("assize_http_") {
            true => &service_has,
            false => &worker_has,
        };
        for used in selectors(&expression) {
            let is_ours = !used.series.starts_with("rabbitmq_");
            let known = has.get(&used.series);
            let of_prometheus = |label: &String| matches!(label.as_str(), "job" | "instance" | "le");
            let unknown = used.labels.iter().filter(|label| !of_prometheus(label));
            if is_ours && !known.is_some_and(|labels| unknown.clone().all(|label| labels.contains(label))) {
                missing.insert(format!("{place}: {} {:?}", used.series, used.labels));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    worker.stop().await;
}

/// The socket of a service at which no client is served.
async fn monitoring_of(gateway: &Gateway) -> String {
    let addresses = listening_ports(gateway.process.id().unwrap()).into_iter();
    let mut others = addresses.map(|port| format!("127.0.0.1:{port}"));
    others.find(|address| *address != gateway.address).unwrap()
}
