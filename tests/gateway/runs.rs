//! `POST /v1/run`.

use serde_json::json;

use crate::document::conforms;
use crate::service::Service;
use crate::waiting::eventually;

#[tokio::test(flavor = "multi_thread")]
async fn a_program_is_run_and_what_it_did_is_the_answer() {
    let service = Service::start().await;
    let rows = [
        (json!({ "source": "print(6 * 7)" }), "OK", json!(["42\n"])),
        (
            json!({ "source": "import sys\nprint(input(), sys.argv[1:])", "stdin": "a\n", "args": ["-x"] }),
            "OK",
            json!(["a ['-x']\n"]),
        ),
        (
            json!({ "source": "print(input() + '!')", "inputs": [{ "stdin": "a" }, {}, { "stdin_base64": "Yg==" }] }),
            "RTE",
            json!(["a!\n", "", "b!\n"]),
        ),
        (
            json!({ "files": [{ "name": "main.py", "content": "import x\nprint(x.y)" }, { "name": "x.py", "content": "y = 1" }] }),
            "OK",
            json!(["1\n"]),
        ),
        (
            json!({ "source": "while True: pass", "limits": { "cpu_ms": 200 } }),
            "TLE",
            json!([""]),
        ),
        (json!({ "source": "print(" }), "CE", json!([])),
    ];
    for (request, status, printed) in rows {
        let result = service.post("/v1/run", &request).await.json(200);
        conforms("RunResult", &result);
        assert_eq!(result["status"], status, "{request}: {result:#}");
        let runs = result["runs"].as_array().unwrap();
        let seen: Vec<_> = runs.iter().map(|run| run["stdout"]["text"].clone()).collect();
        assert_eq!(json!(seen), printed, "{request}");
    }
    let request = json!({
        "source": "open('out.bin', 'wb').write(bytes([255, 0]))",
        "fetch": [{ "path": "out.bin" }, { "path": "none" }],
        "metadata": { "user": "ada" },
    });
    let result = service.post("/v1/run", &request).await.json(200);
    let files = &result["runs"][0]["files"];
    assert_eq!(files[0]["content"]["base64"], "/wA=", "{result:#}");
    assert_eq!(files[1], json!({ "path": "none" }));
    assert_eq!(result["metadata"]["user"], "ada");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_takes_longer_than_is_waited_can_be_looked_at() {
    let service = Service::start().await;
    let request = json!({ "source": "import time\ntime.sleep(2)\nprint(1)" });
    let answer = service.post("/v1/run?wait=0.05", &request).await;
    let state = answer.json(202);
    conforms("SubmissionState", &state);
    let id = state["id"].as_str().unwrap();
    assert_eq!(answer.header("location"), format!("/v1/submissions/{id}"));
    let state = service.done(id).await;
    assert_eq!(
        (&state["state"], &state["result"]["status"]),
        (&json!("done"), &json!("OK"))
    );
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_client_goes_away_gives_its_slot_back() {
    let service = Service::start().await;
    let request = json!({ "source": "import time\ntime.sleep(600)", "limits": { "wall_ms": 100_000 } }).to_string();
    let client = service.client();
    let waiting = tokio::spawn(async move { client.send("POST", "/v1/run", Some(&request)).await.status });
    let running = async |count: u64| {
        let status = service.get("/v1/status").await.json(200);
        status["running"] == count && status["queued"] == 0
    };
    eventually("the program runs", async || running(1).await).await;
    waiting.abort();
    eventually("the slot is free", async || running(0).await).await;
    let result = service
        .post("/v1/run", &json!({ "source": "print(1)" }))
        .await
        .json(200);
    assert_eq!(result["status"], "OK");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_known_for_as_long_as_it_says_and_no_longer() {
    let service = Service::start().await;
    let ran = async |fields: serde_json::Value| {
        let mut body = json!({ "source": "print(1)" });
        body.as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        let result = service.post("/v1/run", &body).await.json(200);
        format!("/v1/submissions/{}", result["id"].as_str().unwrap())
    };
    let (gone, kept) = (ran(json!({ "keep_s": 0 })).await, ran(json!({ "keep_s": 3600 })).await);
    eventually("the run is forgotten", async || service.get(&gone).await.status == 404).await;
    service.get(&kept).await.json(200);
    let listed = service.get("/v1/submissions").await.json(200);
    assert_eq!(listed["submissions"].as_array().unwrap().len(), 1, "{listed}");
    let never = json!({ "source": "", "keep_s": 4_000_000_000_u64 });
    let refused = service.post("/v1/run", &never).await.refused(400);
    assert_eq!(refused, ("schema".to_owned(), "run.keep_s".to_owned()));
    service.stop().await;
}
