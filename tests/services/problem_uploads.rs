//! A package that is put over HTTP, and judged by workers that share nothing with the service but the storage.

use std::io::{Cursor, Write as _};
use std::path::Path;

use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::gateway::Gateway;
use crate::waiting::eventually;
use crate::worker::Namespace;

/// A zip archive of these files.
fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// Where a program passes that prints this.
fn package(answer: &str) -> Vec<u8> {
    zip(&[
        ("problem.yaml", "name: Say it\n"),
        ("data/secret/1.in", "x\n"),
        ("data/secret/1.ans", answer),
    ])
}

/// Where a program passes whose sum of 1 and 2 is this.
fn unit_tests(total: &str) -> Vec<u8> {
    let module = format!("from solution import add\ndef test_sum(): assert add(1, 2) == {total}\n");
    zip(&[
        (
            "problem.yaml",
            "problem_format_version: 2025-09\nname: Sum\ntype: unit-tests\n",
        ),
        (
            "data/sample/test_shown.py",
            "from solution import add\ndef test_none(): assert add(0, 0) == 0\n",
        ),
        ("data/secret/test_sum.py", &module),
    ])
}

/// The storage, and what the service and the worker keep of it.
fn places(root: &Path) -> (String, String, String) {
    let place = |name: &str| {
        let path = root.join(name);
        std::fs::create_dir_all(&path).unwrap();
        path.to_str().unwrap().to_owned()
    };
    (
        format!("file://{}", place("problems")),
        place("service"),
        place("worker"),
    )
}

fn settings<'a>(url: &'a str, cache: &'a str) -> [(&'static str, &'a str); 3] {
    [
        ("ASSIZE__PROBLEMS__URL", url),
        ("ASSIZE__PROBLEMS__CACHE_DIRECTORY", cache),
        ("ASSIZE__PROBLEMS__REFRESH_MS", "100"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_that_is_put_is_judged_by_a_worker_of_its_own() {
    let namespace = Namespace::new().await;
    let storage = tempfile::tempdir().unwrap();
    let (url, of_service, of_worker) = places(storage.path());
    let settings = |cache| settings(&url, cache);
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

#[tokio::test(flavor = "multi_thread")]
async fn a_package_of_unit_tests_is_put_judged_and_after_a_change_judged_once_more() {
    let namespace = Namespace::new().await;
    let storage = tempfile::tempdir().unwrap();
    let (url, of_service, of_worker) = places(storage.path());
    let settings = |cache| settings(&url, cache);
    let worker = namespace
        .ready_worker("unit-tests", &settings(of_worker.as_str()))
        .await;
    let gateway = Gateway::ready_with(&namespace, &settings(of_service.as_str())).await;
    let submitted = async || {
        let source = "def add(a, b):\n    return a + b\n";
        let request = json!({ "source": source, "problem": { "id": "unit-sum" } });
        let (status, done) = gateway.post("/v1/submissions?wait=50", &request).await;
        assert_eq!(status, 200, "{done}");
        done
    };
    let (status, kept) = gateway.put_zip("/v1/problems/unit-sum", &unit_tests("4")).await;
    assert_eq!(status, 200, "{kept}");
    let first = submitted().await;
    let told = |test: usize| {
        let test = &first["verdict"]["tests"][test];
        json!([test["name"], test["verdict"], test["checker_message"]])
    };
    assert_eq!(
        told(0),
        json!(["sample/test_shown.py::test_none", "AC", null]),
        "{first:#}"
    );
    assert_eq!(
        told(1),
        json!(["secret/test_sum.py::test_sum", "WA", null]),
        "{first:#}"
    );
    let (status, kept) = gateway.put_zip("/v1/problems/unit-sum", &unit_tests("3")).await;
    assert_eq!(status, 200, "{kept}");
    eventually("the worker sees the new revision", async || {
        submitted().await["verdict"]["verdict"] == "AC"
    })
    .await;
    let path = format!("/v1/submissions/{}", first["id"].as_str().unwrap());
    let (status, answer) = gateway
        .post("/v1/problems/unit-sum/rejudge?verdict=WA", &json!(null))
        .await;
    assert_eq!((status, &answer["submissions"]), (202, &json!(1)), "{answer}");
    eventually("it is judged once more", async || {
        let (_, state) = gateway.read(&path).await;
        state["verdict"]["attempt"] == 2 && state["verdict"]["verdict"] == "AC"
    })
    .await;
    worker.stop().await;
}
