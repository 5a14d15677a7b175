//! `assize serve` before a real RabbitMQ, a real PostgreSQL and a worker.

use std::process::Stdio;
use std::sync::{Arc, Mutex};

use assize::contract::Verdict;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Child;
use uuid::Uuid;

use crate::http::{judges, listening_ports, say};
use crate::own::OwnService;
use crate::services::{PASSWORD, Services};
use crate::waiting::eventually;
use crate::worker::Namespace;

pub(crate) const RIGHT: &str = "print(sum(map(int, input().split())))";

/// A service that runs. When it is dropped, its log of every level is held against the secrets that it knows.
pub(crate) struct Gateway {
    pub(crate) process: Child,
    pub(crate) address: String,
    log: Arc<Mutex<String>>,
    secrets: Mutex<Vec<String>>,
}

impl Drop for Gateway {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let log = self.log.lock().unwrap();
        for secret in self.secrets.lock().unwrap().iter() {
            let leaked = log.lines().find(|line| line.contains(secret));
            assert_eq!(leaked, None, "{secret} is in the log");
        }
    }
}

impl Gateway {
    pub(crate) async fn start(namespace: &Namespace, arguments: &[&str], settings: &[(&str, &str)]) -> Self {
        let mut command = namespace.assize();
        command
            .arg("serve")
            .args(arguments)
            .env("ASSIZE__SERVE__LISTEN", "127.0.0.1:0")
            // There are several services at once on this host.
            .env("ASSIZE__SERVE__MONITORING__LISTEN", "127.0.0.1:0")
            .env("ASSIZE__LOG__FILTER", "trace")
            .envs(settings.iter().copied())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut process = command.spawn().unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let log = Arc::new(Mutex::new(String::new()));
        let kept = Arc::clone(&log);
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                kept.lock().unwrap().push_str(&format!("{line}\n"));
            }
        });
        Self {
            address: address_of(&process).await,
            process,
            log,
            secrets: Mutex::new(vec![PASSWORD.to_owned()]),
        }
    }

    /// From now on its log must not hold this text.
    pub(crate) fn keeps(&self, secret: &str) {
        self.secrets.lock().unwrap().push(secret.to_owned());
    }

    /// Whether it has logged these words.
    pub(crate) fn has_logged(&self, words: &str) -> bool {
        self.log.lock().unwrap().contains(words)
    }

    pub(crate) async fn ready(namespace: &Namespace) -> Self {
        Self::ready_with(namespace, &[]).await
    }

    /// One with other settings.
    pub(crate) async fn ready_with(namespace: &Namespace, settings: &[(&str, &str)]) -> Self {
        let gateway = Self::start(namespace, &[], settings).await;
        eventually("the service is ready", async || gateway.get("/readyz").await.0 == 200).await;
        gateway
    }

    /// One that judges itself, in a slot.
    pub(crate) async fn standalone(namespace: &Namespace, settings: &[(&str, &str)]) -> Self {
        let mut settings = settings.to_vec();
        settings.push(("ASSIZE__WORKER__SLOTS", "1"));
        Self::start(namespace, &["--standalone"], &settings).await
    }

    /// Ends it as its operator would, so that no box of it is left.
    pub(crate) async fn stop(mut self) {
        let pid = self.process.id().unwrap().to_string();
        let sent = std::process::Command::new("kill").args(["-s", "TERM", &pid]).status();
        assert!(sent.unwrap().success());
        assert!(self.process.wait().await.unwrap().success());
    }

    /// A document.
    pub(crate) async fn read(&self, path: &str) -> (u16, Value) {
        let (status, body) = self.get(path).await;
        (status, serde_json::from_str(&body).unwrap())
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        self.send("GET", path, "").await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let (status, body) = self.send("POST", path, &body.to_string()).await;
        (status, serde_json::from_str(&body).unwrap())
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let request = request_to(&self.address, &format!("{method} {path}"), body);
        let answer = say(&self.address, request.as_bytes()).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    /// With an `Idempotency-Key`.
    pub(crate) async fn post_as(&self, key: &str, path: &str, body: &Value) -> (u16, Value) {
        let request = request_to(&self.address, &format!("POST {path}"), &body.to_string());
        let request = request.replacen("\r\n", &format!("\r\nidempotency-key: {key}\r\n"), 1);
        let answer = say(&self.address, request.as_bytes()).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (
            head.split(' ').nth(1).unwrap().parse().unwrap(),
            serde_json::from_str(body).unwrap(),
        )
    }

    /// Puts a zip archive.
    pub(crate) async fn put_zip(&self, path: &str, archive: &[u8]) -> (u16, String) {
        let head = format!(
            "PUT {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: application/zip\r\n\
             content-length: {}\r\n\r\n",
            self.address,
            archive.len()
        );
        let answer = say(&self.address, &[head.as_bytes(), archive].concat()).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    /// The cookie of a session on the page.
    pub(crate) async fn log_in(&self, token: &str) -> String {
        self.keeps(token);
        let form = format!("token={token}");
        let request = format!(
            "POST /page/login HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            self.address,
            form.len()
        );
        let answer = say(&self.address, request.as_bytes()).await;
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: "));
        let cookie = cookie.unwrap().split(';').next().unwrap().to_owned();
        self.keeps(&cookie);
        cookie
    }

    /// The status of a page for who sends this cookie.
    pub(crate) async fn look(&self, path: &str, cookie: &str) -> u16 {
        let host = &self.address;
        let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncookie: {cookie}\r\n\r\n");
        let answer = say(host, request.as_bytes()).await;
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }

    pub(crate) async fn done(&self, id: &str) -> Value {
        let (status, body) = self.get(&format!("/v1/submissions/{id}?wait=50")).await;
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    }
}

/// Where it takes submissions: the one of the sockets at which its process listens that is not for monitoring.
async fn address_of(process: &Child) -> String {
    let pid = process.id().unwrap();
    let found = tokio::sync::Mutex::new(None);
    eventually("the service listens", async || {
        for port in listening_ports(pid) {
            let address = format!("127.0.0.1:{port}");
            let request = request_to(&address, "GET /v1/status", "");
            if !say(&address, request.as_bytes()).await.starts_with("HTTP/1.1 404") {
                *found.lock().await = Some(address);
                return true;
            }
        }
        false
    })
    .await;
    found.into_inner().unwrap()
}

/// A request with a JSON document.
fn request_to(address: &str, asked: &str, body: &str) -> String {
    format!(
        "{asked} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn to_sum(source: &str) -> Value {
    json!({ "source": source, "problem": { "id": "sum" } })
}

pub(crate) fn id_of(state: &Value) -> String {
    state["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_service_accepts_every_service_can_be_asked_about() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("gateway", &[]).await;
    let mut one = Gateway::ready(&namespace).await;
    let other = Gateway::ready(&namespace).await;
    let (status, waited) = one.post("/v1/submissions?wait=50", &to_sum(RIGHT)).await;
    assert_eq!(
        (status, &waited["verdict"]["verdict"]),
        (200, &json!("AC")),
        "{waited:#}"
    );
    let stored = namespace
        .store()
        .await
        .find(id_of(&waited).parse().unwrap())
        .await
        .unwrap();
    assert_eq!(stored.unwrap().verdict, Verdict::Ac);
    assert_eq!(other.done(&id_of(&waited)).await, waited);

    let (status, ran) = other.post("/v1/run", &json!({ "source": "print(6 * 7)" })).await;
    assert_eq!(
        (status, &ran["runs"][0]["stdout"]["text"]),
        (200, &json!("42\n")),
        "{ran:#}"
    );

    let slow = to_sum(&format!("import time\ntime.sleep(0.3)\n{RIGHT}"));
    let (status, accepted) = one.post("/v1/submissions", &slow).await;
    assert_eq!(status, 202);
    one.process.kill().await.unwrap();
    let done = other.done(&id_of(&accepted)).await;
    assert_eq!(
        done["verdict"]["verdict"], "AC",
        "what was accepted is judged, by whatever service it was accepted"
    );
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_id_is_one_submission_and_one_that_runs_can_be_cancelled() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("gateway-ids", &[]).await;
    let gateway = Gateway::ready(&namespace).await;
    let mut first = to_sum(RIGHT);
    first["id"] = json!(Uuid::now_v7());
    let (_, verdict) = gateway.post("/v1/submissions?wait=50", &first).await;
    assert_eq!(gateway.post("/v1/submissions", &first).await, (200, verdict));
    first["source"] = json!("print(0)");
    let (status, conflict) = gateway.post("/v1/submissions", &first).await;
    assert_eq!((status, &conflict["code"]), (409, &json!("id_conflict")));

    let endless = json!({ "source": "import time\ntime.sleep(600)", "run": {}, "limits": { "wall_ms": 100_000 } });
    let (_, accepted) = gateway.post("/v1/submissions", &endless).await;
    let id = id_of(&accepted);
    eventually("it runs", async || {
        let (_, state) = gateway.get(&format!("/v1/submissions/{id}")).await;
        state.contains("\"running\"")
    })
    .await;
    let (status, _) = gateway
        .send("DELETE", &format!("/v1/submissions/{id}?reason=enough"), "")
        .await;
    assert_eq!(status, 202);
    let done = gateway.done(&id).await;
    assert_eq!(
        (&done["result"]["status"], &done["result"]["message"]),
        (&json!("CANCELLED"), &json!("enough"))
    );
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_its_client_waits_for_goes_on_when_the_service_stops_and_another_service_has_its_result() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("gateway-stop", &[]).await;
    let gateway = Gateway::ready(&namespace).await;
    let long = json!({ "source": "import time\ntime.sleep(3)\nprint(7)", "limits": { "wall_ms": 100_000 } });
    let address = gateway.address.clone();
    let request = request_to(&address, "POST /v1/run", &long.to_string());
    let waiting = tokio::spawn(async move { say(&address, request.as_bytes()).await });
    judges(&worker).await;
    gateway.stop().await;
    let answer = waiting.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 202 "), "{answer}");
    let location = answer.lines().find_map(|line| line.strip_prefix("location: ")).unwrap();
    let other = Gateway::ready(&namespace).await;
    let (status, state) = other.get(&format!("{location}?wait=50")).await;
    let state: Value = serde_json::from_str(&state).unwrap();
    assert_eq!(
        (status, &state["result"]["runs"][0]["stdout"]["text"]),
        (200, &json!("7\n")),
        "{state:#}"
    );
    other.stop().await;
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_broker_or_database_is_away_nothing_is_accepted_and_afterwards_everything_goes_on() {
    let broker = OwnService::broker().await;
    let database = OwnService::database().await;
    let namespace = Namespace::of(broker.url(), database.url());
    let worker = namespace.ready_worker("gateway-away", &[]).await;
    let gateway = Gateway::ready(&namespace).await;
    for service in [&broker, &database] {
        service.stop().await;
        eventually("the service is not ready", async || {
            gateway.get("/readyz").await.0 == 503
        })
        .await;
        let (status, refused) = gateway.post("/v1/submissions", &to_sum(RIGHT)).await;
        assert_eq!((status, &refused["code"]), (503, &json!("unavailable")), "{refused:#}");
        service.start().await;
        service.answers().await;
        eventually("the service is ready", async || gateway.get("/readyz").await.0 == 200).await;
        let (status, done) = gateway.post("/v1/submissions?wait=50", &to_sum(RIGHT)).await;
        assert_eq!((status, &done["verdict"]["verdict"]), (200, &json!("AC")), "{done:#}");
    }
    worker.stop().await;
    broker.remove().await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_waits_until_there_is_a_worker() {
    let namespace = Namespace::of(Services::get().await.amqp_url(), Services::get().await.database().await);
    // Queues are there from the first worker on.
    namespace.ready_worker("gateway-first", &[]).await.stop().await;
    let gateway = Gateway::ready(&namespace).await;
    let (status, accepted) = gateway.post("/v1/submissions", &to_sum(RIGHT)).await;
    assert_eq!((status, &accepted["state"]), (202, &json!("queued")));
    let (_, status) = gateway.get("/v1/status").await;
    assert!(status.contains("\"queued\":1"), "{status}");
    let worker = namespace.ready_worker("gateway-late", &[]).await;
    assert_eq!(gateway.done(&id_of(&accepted)).await["verdict"]["verdict"], "AC");
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_that_is_kept_is_judged_once_more() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("gateway-rejudge", &[]).await;
    let gateway = Gateway::ready(&namespace).await;
    let (_, first) = gateway.post("/v1/submissions?wait=50", &to_sum(RIGHT)).await;
    let path = format!("/v1/submissions/{}", id_of(&first));
    let (status, again) = gateway.post(&format!("{path}/rejudge"), &json!(null)).await;
    assert_eq!((status, &again["id"]), (202, &first["id"]), "{again}");
    let shown = async || serde_json::from_str::<Value>(&gateway.get(&path).await.1).unwrap()["verdict"].clone();
    eventually("the new verdict is shown", async || {
        shown().await["rejudge"] == again["rejudge"]
    })
    .await;
    let verdict = shown().await;
    assert_eq!(
        (&verdict["verdict"], &verdict["attempt"]),
        (&json!("AC"), &json!(2)),
        "{verdict:#}"
    );

    let unknown = format!("/v1/submissions/{}/rejudge", Uuid::now_v7());
    assert_eq!(gateway.post(&unknown, &json!(null)).await.0, 404);
    namespace
        .store()
        .await
        .forget_messages(std::time::Duration::ZERO)
        .await
        .unwrap();
    let (status, refused) = gateway.post(&format!("{path}/rejudge"), &json!(null)).await;
    assert_eq!((status, &refused["code"]), (410, &json!("not_kept")), "{refused}");
    worker.stop().await;
}
