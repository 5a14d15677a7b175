//! A service of one test.

use std::net::SocketAddr;
use std::path::PathBuf;

use assize::config::Settings;
use assize::serve::{ServeError, serve_standalone};
use serde_json::Value;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::client::{Answer, Client};
use crate::document::conforms;
use crate::logged;
use crate::plain_processes::settings_of;
use crate::waiting::eventually;

/// A service that runs until it is stopped.
pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    stop: CancellationToken,
    ended: JoinHandle<Result<(), ServeError>>,
}

/// The settings of a service with small boxes.
pub(crate) fn settings() -> Settings {
    let mut settings = settings_of("process");
    settings.serve.listen = "127.0.0.1:0".parse().unwrap();
    settings.serve.monitoring.listen = String::new();
    settings.problems.directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples");
    settings.sandbox.warm_boxes = 0;
    settings
}

impl Service {
    /// One with a slot.
    pub(crate) async fn start() -> Self {
        Self::with(|_settings| {}).await
    }

    /// One with changed settings.
    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        logged::begin();
        let mut settings = settings();
        change(&mut settings);
        let stop = CancellationToken::new();
        let (sender, address) = oneshot::channel();
        let stopping = stop.clone();
        let ended = tokio::spawn(async move {
            let listening = |address| sender.send(address).unwrap();
            serve_standalone(settings, vec![String::new()], stopping, listening).await
        });
        Self {
            address: address.await.unwrap(),
            stop,
            ended,
        }
    }

    pub(crate) fn client(&self) -> Client {
        Client::of(self.address)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.client().send("GET", path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.client().send("POST", path, Some(&body.to_string())).await
    }

    /// A submission that has its answer, within the time of a test.
    pub(crate) async fn done(&self, id: &str) -> Value {
        let state = self.get(&format!("/v1/submissions/{id}?wait=50")).await.json(200);
        conforms("SubmissionState", &state);
        state
    }

    /// Waits until a slot has taken it.
    pub(crate) async fn running(&self, id: &str) {
        eventually("the submission runs", async || {
            // The request that hands it in may not have come so far.
            let answer = self.get(&format!("/v1/submissions/{id}")).await;
            answer.status == 200 && answer.json(200)["state"] == "running"
        })
        .await;
    }

    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.ended.await.unwrap().unwrap();
        logged::check();
    }
}
