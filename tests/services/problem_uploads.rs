//! A package that is put over HTTP, and judged by workers that share nothing with the service but the storage.

use std::io::{Cursor, Write as _};

use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::gateway::Gateway;
use crate::waiting::eventually;
use crate::worker::Namespace;

/// Where a program passes that prints this.
fn package(answer: &str) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [
        ("problem.yaml", "name: Say it\n"),
        ("data/secret/1.in", "x\n"),
        ("data/secret/1.ans", answer),
    ] {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_that_is_put_is_judged_by_a_worker_of_its_own() {
    let namespace = Namespace::new().await;
    let storage = tempfile::tempdir().unwrap();
    let path = |name: &str| {
        let path = storage.path().join(name);
        std::fs::create_dir_all(&path).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (url, of_service, of_worker) = (format!("file://{}", path("problems")), path("service"), path("worker"));
    let settings = |cache| {
        [
            ("ASSIZE__PROBLEMS__URL", url.as_str()),
            ("ASSIZE__PROBLEMS__CACHE_DIRECTORY", cache),
            ("ASSIZE__PROBLEMS__REFRESH_MS", "100"),
        ]
    };
    let worker = namespace.ready_worker("package", &settings(of_worker.as_str())).await;
    let gateway = Gateway::ready_with(&namespace, &settings(of_service.as_str())).await;
    let verdict = async || {
        let request = json!({ "source": "print(input() * 2)", "problem": { "id": "say-it" } });
        let (status, done) = gateway.post("/v1/submissions?wait=50", &request).await;
        assert_eq!(status, 200, "{done}");
        done["verdict"]["verdict"].clone()
    };
    for (answer, code) in [("yy\n", "WA"), ("xx\n", "AC")] {
        let (status, kept) = gateway.put_zip("/v1/problems/say-it", &package(answer)).await;
        assert_eq!(status, 200, "{kept}");
        let kept: Value = serde_json::from_str(&kept).unwrap();
        assert_eq!(kept["problem"]["tests"], 1, "{kept:#}");
        eventually("the worker sees the new revision", async || verdict().await == code).await;
    }
    worker.stop().await;
}
