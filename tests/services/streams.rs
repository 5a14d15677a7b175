//! Streams of events while services die and the broker is away.

use std::sync::{Arc, Mutex};

use reqwest::Client;
use serde_json::json;
use tokio::task::JoinHandle;

use crate::gateway::Gateway;
use crate::proxy::Door;
use crate::services::{Services, amqp_url};
use crate::waiting::eventually;
use crate::worker::Namespace;

/// As many as a submission may have: it is cancelled long before they have all finished.
const TESTS: usize = 200;

/// A stream of events that is read in the background.
struct Stream {
    told: Arc<Mutex<String>>,
    reading: JoinHandle<()>,
}

impl Stream {
    /// That of a submission, for a client that has seen so many tests finish.
    async fn open(gateway: &Gateway, id: &str, seen: u64) -> Self {
        Self::open_behind(gateway, id, &seen.to_string()).await
    }

    /// The same, behind the event with this id.
    async fn open_behind(gateway: &Gateway, id: &str, last: &str) -> Self {
        assize::tls::install_provider();
        let url = format!("http://{}/v1/submissions/{id}/events", gateway.address);
        let request = Client::new().get(url).header("last-event-id", last);
        let mut response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        let told = Arc::<Mutex<String>>::default();
        let kept = Arc::clone(&told);
        let reading = tokio::spawn(async move {
            // It is broken off where the service is killed.
            while let Ok(Some(piece)) = response.chunk().await {
                kept.lock().unwrap().push_str(&String::from_utf8_lossy(&piece));
            }
        });
        Self { told, reading }
    }

    /// The ids of the events of progress.
    fn ids(&self) -> Vec<String> {
        let told = self.told.lock().unwrap();
        let ids = told.lines().filter_map(|line| line.strip_prefix("id:"));
        ids.map(|id| id.trim().to_owned()).collect()
    }

    /// How many tests had finished, as each event of progress says.
    fn finished(&self) -> Vec<u64> {
        self.ids().iter().map(|id| id.parse().unwrap()).collect()
    }

    fn last(&self) -> u64 {
        self.finished().last().copied().unwrap_or_default()
    }

    /// Waits until more tests than so many have finished.
    async fn goes_beyond(&self, finished: u64) -> u64 {
        eventually("progress", async || self.last() > finished).await;
        self.last()
    }

    /// Everything that it told, to its end.
    async fn ended(self) -> String {
        self.reading.await.unwrap();
        self.told.lock().unwrap().clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_goes_on_at_another_service_when_its_own_was_killed_and_when_the_broker_was_away() {
    let services = Services::get().await;
    let mut amqp = Door::closed(services.amqp_port).await;
    amqp.open().await;
    let namespace = Namespace::of(amqp_url(amqp.port), services.database().await);
    let worker = namespace.ready_worker("streams", &[]).await;
    let mut one = Gateway::ready(&namespace).await;
    let other = Gateway::ready(&namespace).await;
    let tests = vec![json!({ "input": "", "answer": "" }); TESTS];
    let slow = json!({ "source": "import time\ntime.sleep(0.5)", "tests": tests });
    let (status, accepted) = one.post("/v1/submissions", &slow).await;
    assert_eq!(status, 202, "{accepted}");
    let id = accepted["id"].as_str().unwrap();

    let stream = Stream::open(&one, id, 0).await;
    let seen = stream.goes_beyond(0).await;
    one.process.kill().await.unwrap();
    let stream = Stream::open(&other, id, seen).await;
    stream.goes_beyond(seen).await;

    amqp.cut();
    eventually("the broker is away", async || other.get("/readyz").await.0 == 503).await;
    amqp.open().await;
    eventually("the broker is back", async || other.get("/readyz").await.0 == 200).await;
    stream.goes_beyond(stream.last()).await;

    let (status, told) = other.send("DELETE", &format!("/v1/submissions/{id}"), "").await;
    assert_eq!(status, 202, "{told}");
    let finished = stream.finished();
    assert!(finished.is_sorted_by(|one, next| one < next), "{finished:?}");
    let told = stream.ended().await;
    assert!(told.contains("event: verdict") && told.contains("CANCELLED"), "{told}");
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_that_begins_anew_is_told_before_its_progress_and_can_be_taken_up() {
    let namespace = Namespace::new().await;
    let settings = [("ASSIZE__STORE__LEASE_MS", "2000"), ("ASSIZE__BROKER__LATER_MS", "500")];
    let mut lost = namespace.ready_worker("lost", &settings).await;
    let gateway = Gateway::ready(&namespace).await;
    let tests = vec![json!({ "input": "", "answer": "" }); TESTS];
    let slow = json!({ "source": "import time\ntime.sleep(0.5)", "tests": tests });
    let (status, accepted) = gateway.post("/v1/submissions", &slow).await;
    assert_eq!(status, 202, "{accepted}");
    let id = accepted["id"].as_str().unwrap();
    let stream = Stream::open(&gateway, id, 0).await;
    stream.goes_beyond(1).await;
    lost.kill().await;
    let worker = namespace.ready_worker("next", &settings).await;
    eventually("the second attempt has come far", async || {
        stream.ids().iter().any(|id| id == "2.4")
    })
    .await;

    let ids = stream.ids();
    let before = ids.iter().take_while(|id| !id.contains('.')).count();
    assert_eq!(
        ids[..before],
        (1..=before).map(|number| number.to_string()).collect::<Vec<_>>()
    );
    let again: Vec<String> = (1..=ids.len() - before).map(|number| format!("2.{number}")).collect();
    assert_eq!(ids[before..], again);
    let told = stream.told.lock().unwrap().clone();
    let begun = told.find(r#""attempt":2,"finished":0"#).unwrap();
    assert!(begun < told.find("id: 2.1").or(told.find("id:2.1")).unwrap(), "{told}");
    let (_, state) = gateway.read(&format!("/v1/submissions/{id}")).await;
    assert_eq!(state["attempt"], 2, "{state}");

    let taken_up = Stream::open_behind(&gateway, id, "2.3").await;
    eventually("it goes on", async || !taken_up.ids().is_empty()).await;
    assert_eq!(taken_up.ids()[0], "2.4");
    let anew = Stream::open(&gateway, id, 3).await;
    eventually("it begins with the second attempt", async || !anew.ids().is_empty()).await;
    assert_eq!(anew.ids()[0], "2.1");
    let (status, told) = gateway.send("DELETE", &format!("/v1/submissions/{id}"), "").await;
    assert_eq!(status, 202, "{told}");
    assert!(stream.ended().await.contains("CANCELLED"));
    worker.stop().await;
}
