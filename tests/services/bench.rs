//! The benchmark, as small as it can be.

use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

use crate::services::Services;

#[tokio::test(flavor = "multi_thread")]
async fn the_benchmark_measures_every_way_and_writes_what_it_found() {
    let services = Services::get().await;
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
    let program = Path::new(env!("CARGO_BIN_EXE_assize")).with_file_name("assize-bench");
    assert!(
        program.is_file(),
        "build it with `cargo build --workspace --features assize/failpoints`"
    );
    let ended = Command::new(program)
        .args(["W1", "--rounds", "1", "--slots", "1"])
        .args([
            "--json".as_ref(),
            json.as_os_str(),
            "--svg".as_ref(),
            svg.as_os_str(),
            "--markdown".as_ref(),
            page.as_os_str(),
        ])
        .env("ASSIZE__BROKER__URL", services.amqp_url())
        .env("ASSIZE__STORE__URL", services.database().await)
        .stderr(Stdio::piped())
        .output()
        .await
        .unwrap();
    let told = String::from_utf8_lossy(&ended.stderr);
    // A threshold may be missed: a test run is no quiet place.
    assert!(matches!(ended.status.code(), Some(0 | 1)), "{}: {told}", ended.status);

    let results: serde_json::Value = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
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
    assert!(std::fs::read_to_string(&svg).unwrap().contains("W1"));
    let page = std::fs::read_to_string(&page).unwrap();
    assert!(page.starts_with("before\n") && page.ends_with("\nbehind\n"), "{page}");
    assert!(
        page.contains("| W1, delivery to verdict |") && !page.contains("old"),
        "{page}"
    );
}
