//! Traces, as a collector receives them: from a request over HTTP to the box, and on to the callback.

use std::collections::BTreeSet;

use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::callback_listener::CallbackListener;
use crate::callbacks::Calling;
use crate::collector::{Collector, SeenSpan};
use crate::gateway::Gateway;
use crate::http::{address_of, metric, say};
use crate::raw::{RawClient, header};
use crate::waiting::eventually;
use crate::worker::Namespace;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const BROWSER: &str = "b7ad6b7169203331";

/// What no span may hold.
const SECRET: &str = "a3f1c09d";

fn settings_of(endpoint: &str) -> [(&str, &str); 2] {
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"),
    ]
}

/// A request of a browser that traces.
async fn post_traced(address: &str, path: &str, token: &str, body: &Value) -> (String, Value) {
    let body = body.to_string();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-type: application/json\r\n\
         authorization: Bearer {token}\r\ntraceparent: 00-{TRACE}-{BROWSER}-01\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = say(address, request.as_bytes()).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().to_owned();
    (status, serde_json::from_str(body).unwrap())
}

/// Service, name, and name of the span above.
fn lines(spans: &[SeenSpan]) -> BTreeSet<String> {
    let name_of = |id: &str| match spans.iter().find(|span| span.id == id) {
        Some(span) => span.name.as_str(),
        None if id == BROWSER => "browser",
        None => "nothing",
    };
    let line = |span: &SeenSpan| format!("{}: {} < {}", span.service, span.name, name_of(&span.above));
    spans.iter().map(line).collect()
}

fn named<'a>(spans: &'a [SeenSpan], name: &str) -> &'a SeenSpan {
    spans.iter().find(|span| span.name == name).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_trace_leads_from_a_request_to_the_box_and_on_to_the_callback() {
    let namespace = Namespace::new().await;
    let (collector, calling) = (Collector::start().await, Calling::new());
    let listener = CallbackListener::answering(|_path, _before| Some("200 OK")).await;
    let endpoint = collector.endpoint();
    let worker = namespace.ready_worker("traces", &settings_of(&endpoint)).await;
    let directory = tempfile::tempdir().unwrap();
    let tokens = directory.path().join("tokens").to_str().unwrap().to_owned();
    let mut made = namespace.assize();
    made.args([
        "token", "new", "site", "--scope", "submit", "--scope", "read", "--file", &tokens,
    ]);
    let token = String::from_utf8(made.output().await.unwrap().stdout).unwrap();
    let mut settings = settings_of(&endpoint).to_vec();
    settings.push(("ASSIZE__SERVE__TOKEN_FILE", &tokens));
    let gateway = calling.ready_with(&namespace, &settings).await;

    let source = format!("secret = '{SECRET}'\nprint('{SECRET}')");
    let request = json!({
        "source": source,
        "problem": { "id": "anything" },
        "metadata": { "note": SECRET },
        "callback_url": listener.url(&format!("/?key={SECRET}")),
    });
    let path = format!("/v1/submissions?wait=50&unknown={SECRET}");
    let (status, state) = post_traced(&gateway.address, &path, token.trim(), &request).await;
    assert_eq!(status, "200", "{state}");

    eventually("the callback is told of", async || {
        let spans = collector.trace(TRACE);
        ["send callback", "publish", "judge submission", "send submission"]
            .iter()
            .all(|name| spans.iter().any(|span| span.name == *name))
            && spans.iter().any(|span| span.name.starts_with("POST"))
    })
    .await;
    let spans = collector.trace(TRACE);
    let expected = [
        "assize-serve: POST /v1/submissions < browser",
        "assize-serve: send callback < POST /v1/submissions",
        "assize-serve: send submission < POST /v1/submissions",
        "assize-worker: box < compile",
        "assize-worker: box < test",
        "assize-worker: compile < judge submission",
        "assize-worker: judge submission < send submission",
        "assize-worker: publish < judge submission",
        "assize-worker: queue < judge submission",
        "assize-worker: run < judge submission",
        "assize-worker: store < judge submission",
        "assize-worker: test < run",
        "assize-worker: validator < judge submission",
    ];
    assert_eq!(lines(&spans), expected.map(str::to_owned).into(), "{spans:#?}");

    let judged = named(&spans, "judge submission");
    for (key, value) in [
        ("submission.id", state["id"].as_str().unwrap()),
        ("problem.id", "anything"),
        ("language", "python3"),
        ("verdict", "AC"),
        ("settlement", "ack"),
    ] {
        assert_eq!(judged.attributes[key], value, "{judged:?}");
    }
    assert!(!named(&spans, "box").attributes["box.id"].is_empty());
    let run = named(&spans, "run");
    for test in spans.iter().filter(|span| span.name == "test") {
        assert!(run.time.start <= test.time.start && test.time.end <= run.time.end);
        assert_eq!(test.attributes["verdict"], "AC");
    }
    assert!(spans.iter().all(|span| !span.failed), "{spans:#?}");
    for secret in [SECRET, token.trim(), "amqp://", "postgres://"] {
        assert!(!collector.holds(secret), "a span holds {secret}");
    }

    // What leaves the system carries the trace on.
    let called_back = &listener.seen(&format!("/?key={SECRET}"))[0].headers["traceparent"];
    let callback = named(&spans, "send callback");
    assert_eq!(*called_back, format!("00-{TRACE}-{}-01", callback.id));
    let announced = RawClient::connect(&namespace.broker).await;
    let verdict = announced.take(&namespace.broker.verdict_queue).await;
    let publish = named(&spans, "publish");
    assert_eq!(header(&verdict, "traceparent"), format!("00-{TRACE}-{}-01", publish.id));
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_judges_itself_tells_the_same_and_one_span_for_each_of_the_first_tests() {
    let namespace = Namespace::new().await;
    let collector = Collector::start().await;
    let endpoint = collector.endpoint();
    let gateway = Gateway::standalone(&namespace, &settings_of(&endpoint)).await;
    let tests = vec![json!({ "input": "", "answer": "1" }); 70];
    let request = json!({ "source": "print(1)", "tests": tests });
    let (status, state) = post_traced(&gateway.address, "/v1/submissions?wait=50", "", &request).await;
    assert_eq!(status, "200", "{state}");
    eventually("the request is told of", async || {
        let spans = collector.trace(TRACE);
        spans.iter().any(|span| span.name.starts_with("POST"))
            && spans.iter().any(|span| span.name == "judge submission")
    })
    .await;
    let spans = collector.trace(TRACE);
    let expected = [
        "assize-serve: POST /v1/submissions < browser",
        "assize-serve: box < compile",
        "assize-serve: compile < judge submission",
        "assize-serve: judge submission < POST /v1/submissions",
        "assize-serve: queue < judge submission",
        "assize-serve: run < judge submission",
        "assize-serve: test < run",
    ];
    assert_eq!(lines(&spans), expected.map(str::to_owned).into(), "{spans:#?}");
    assert_eq!(spans.iter().filter(|span| span.name == "test").count(), 64);
    gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_never_answers_costs_spans_and_no_verdict() {
    let namespace = Namespace::new().await;
    // Connections wait to be accepted, for ever.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    let mut settings = settings_of(&endpoint).to_vec();
    settings.extend([("OTEL_BSP_MAX_QUEUE_SIZE", "1"), ("OTEL_BSP_EXPORT_TIMEOUT", "500")]);
    let worker = namespace.ready_worker("traces-silent", &settings).await;
    let mut client = RawClient::connect(&namespace.broker).await;
    let message = json!({
        "type": "assize.submission.v1", "id": uuid::Uuid::new_v4(), "language": "python3",
        "files": [{ "name": "main.py", "content": "print(1)" }], "tests": [{ "input": "", "answer": "1" }],
    });
    client.send(message.to_string().as_bytes(), "one").await;
    let verdict: Value = serde_json::from_slice(&client.answer().await.data).unwrap();
    assert_eq!(verdict["verdict"], "AC", "{verdict}");
    let address = address_of(&worker).await;
    for reason in ["queue", "export"] {
        eventually(&format!("spans are lost for {reason}"), async || {
            metric(&address, &format!("assize_spans_dropped_total{{reason=\"{reason}\"}}")).await >= 1.0
        })
        .await;
    }
    assert!(metric(&address, "assize_spans_exported_total").await < 1.0);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_is_carried_on_without_a_collector_and_what_is_none_is_not() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("traces-off", &[]).await;
    let mut client = RawClient::connect(&namespace.broker).await;
    let parent = format!("00-{TRACE}-{BROWSER}-01");
    let long = "0".repeat(60_000);
    for (sent, carried) in [
        (parent.as_str(), Some(parent.as_str())),
        ("00-none", None),
        (long.as_str(), None),
    ] {
        let mut headers = FieldTable::default();
        headers.insert("traceparent".into(), AMQPValue::LongString(sent.into()));
        headers.insert("tracestate".into(), AMQPValue::LongString("site=1".into()));
        let properties = BasicProperties::default().with_headers(headers);
        client.send_answered(b"{}", "one", properties).await;
        let answer = client.answer().await;
        let headers = answer.properties.headers().clone().unwrap();
        let text = |text: &str| AMQPValue::LongString(text.into());
        let found = ["traceparent", "tracestate"].map(|name| headers.inner().get(name).cloned());
        let expected = [carried, carried.map(|_parent| "site=1")].map(|header| header.map(text));
        assert_eq!(found, expected, "{sent:.60}");
    }
    worker.stop().await;
}
