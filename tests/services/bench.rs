//! The benchmark, as small as it can be.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::process::Command;

use crate::jailer::jailer;
use crate::services::Services;

/// Runs the benchmark.
async fn run(arguments: &[&OsStr]) {
    let services = Services::get().await;
    let program = Path::new(env!("CARGO_BIN_EXE_assize")).with_file_name("assize-bench");
    assert!(
        program.is_file(),
        "build it with `cargo build --workspace --features assize/failpoints`"
    );
    let mut command = Command::new(program);
    if let Some(socket) = jailer() {
        command.env("ASSIZE__SANDBOX__NSJAIL__SOCKET", socket);
    }
    let ended = command
        .args(arguments)
        .env("ASSIZE__BROKER__URL", services.amqp_url())
        .env("ASSIZE__STORE__URL", services.database().await)
        .stderr(Stdio::piped())
        .output()
        .await
        .unwrap();
    let told = String::from_utf8_lossy(&ended.stderr);
    // A threshold may be missed: a test run is no quiet place.
    assert!(matches!(ended.status.code(), Some(0 | 1)), "{}: {told}", ended.status);
}

fn arguments(line: &str) -> Vec<&OsStr> {
    line.split(' ').map(OsStr::new).collect()
}

fn results(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_benchmark_of_the_service_measures_every_door_and_what_functions_cost() {
    let directory = tempfile::tempdir().unwrap();
    let json = directory.path().join("results.json");
    let mut line = arguments(
        "doors occupancy clients calls pytest --rounds 1 --slots 1 --programs 3 --clients 4 --candidates 2 --json",
    );
    line.push(json.as_os_str());
    run(&line).await;
    let results = results(&json);
    let doors = results["doors"].as_array().unwrap();
    for workload in ["W1", "W2", "W3"] {
        for way in [
            "RabbitMQ",
            "POST /v1/submissions?wait",
            "POST /v1/run",
            "Judge0",
            "Piston",
            "SandboxFusion",
        ] {
            let is_this =
                |door: &&Value| door["workload"] == workload && door["way"].as_str().unwrap().starts_with(way);
            let measured = doors.iter().find(is_this).unwrap();
            assert!(measured["ratio"].as_f64().unwrap() > 0.0, "{measured:#}");
        }
    }
    let occupancies = results["occupancies"].as_array().unwrap();
    assert_eq!(occupancies.len(), 1 + usize::from(jailer().is_some()));
    for occupancy in occupancies {
        assert!(
            (0.1..1.1).contains(&occupancy["in_hand"].as_f64().unwrap()),
            "{occupancy:#}"
        );
    }
    let held = &results["held_clients"][0];
    assert!(held["with_bytes"].as_u64().unwrap() > 0, "{held:#}");
    let costs: Vec<_> = results["costs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cost| &cost["way"])
        .collect();
    for way in [
        "assize, each",
        "assize, forks",
        "assize, one",
        "python3 per test",
        "plain pytest",
    ] {
        assert!(costs.contains(&&json!(way)), "{way}: {costs:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_benchmark_measures_every_way_and_writes_what_it_found() {
    let directory = tempfile::tempdir().unwrap();
    let (json, svg, page) = (
        directory.path().join("results.json"),
        directory.path().join("results.svg"),
        directory.path().join("page.md"),
    );
    std::fs::write(
        &page,
        "before\n<!-- results: written by `make bench` -->\nold\n<!-- end of the results -->\nbehind\n",
    )
    .unwrap();
    let mut line = arguments("W1 boxes --rounds 1 --slots 1");
    for (option, path) in [("--json", &json), ("--svg", &svg), ("--markdown", &page)] {
        line.extend([OsStr::new(option), path.as_os_str()]);
    }
    run(&line).await;

    let results = results(&json);
    let latencies = results["latencies"].as_array().unwrap();
    for (way, span) in [
        ("python3 per test", "start to end"),
        ("docker run per test", "start to end"),
        ("container per submission", "start to end"),
    ] {
        let measured = latencies.iter().find(|one| one["way"] == way && one["span"] == span);
        assert!(
            measured.unwrap()["median_ms"].as_f64().unwrap() > 0.0,
            "{way}: {latencies:#?}"
        );
    }
    for span in ["delivery to verdict", "box leased to judgement", "sent to answered"] {
        let ours = |one: &&serde_json::Value| one["way"].as_str().unwrap().starts_with("assize") && one["span"] == span;
        let measured = latencies.iter().find(ours).unwrap();
        assert!(measured["ratio"].as_f64().unwrap() > 0.0, "{measured:#?}");
    }
    if jailer().is_some() {
        for table in ["latencies", "batches", "lives", "idle_boxes"] {
            let rows = results[table].as_array().unwrap();
            assert!(
                rows.iter().any(|row| row["way"] == "assize, nsjail"),
                "{table}: {rows:#?}"
            );
        }
    }
    assert!(std::fs::read_to_string(&svg).unwrap().contains("W1"));
    let page = std::fs::read_to_string(&page).unwrap();
    assert!(page.starts_with("before\n") && page.ends_with("\nbehind\n"), "{page}");
    assert!(
        page.contains("| W1, delivery to verdict |") && !page.contains("\nold\n"),
        "{page}"
    );
}
