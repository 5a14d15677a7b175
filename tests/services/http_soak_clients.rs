//! Clients of two services during a soak: each hands in what it has, and again until it is answered.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use assize::contract::{BatchEntry, Judgement, SubmissionState, Verdict};
use futures::StreamExt as _;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use tokio::sync::watch;
use uuid::Uuid;

use crate::callback_listener::CallbackListener;
use crate::programs::{Program, programs};
use crate::soak::{Plan, TWICE};
use crate::waiting::until;

/// Clients that are under way at once.
const CLIENTS: usize = 24;

/// How many submissions the requests have, one after the other, and whether their clients wait for the answers.
const SHAPES: [(usize, bool); 5] = [(1, true), (1, false), (4, false), (1, true), (3, true)];

/// Longer than a service lets a client wait.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(90);

/// Two services behind one name, one of which is killed again and again and comes back at another address.
#[derive(Debug, Default)]
pub(crate) struct Front {
    addresses: [Mutex<String>; 2],
    waiting: [AtomicUsize; 2],
    /// Clients whose service died while they waited.
    cut_off: AtomicUsize,
    /// Requests that were refused, since something was away.
    refused: AtomicUsize,
}

impl Front {
    pub(crate) const LIVING: usize = 0;
    pub(crate) const KILLED: usize = 1;

    pub(crate) fn moves(&self, service: usize, address: &str) {
        address.clone_into(&mut self.addresses[service].lock().unwrap());
    }

    /// Whether a client waits for a verdict at this service.
    pub(crate) fn is_waited_at(&self, service: usize) -> bool {
        self.waiting[service].load(Ordering::Relaxed) > 0
    }

    pub(crate) fn cut_off(&self) -> usize {
        self.cut_off.load(Ordering::Relaxed)
    }

    pub(crate) fn refused(&self) -> usize {
        self.refused.load(Ordering::Relaxed)
    }

    pub(crate) fn url(&self, service: usize, path: &str) -> String {
        format!("http://{}{path}", self.addresses[service].lock().unwrap())
    }
}

/// A submission that was accepted.
#[derive(Debug)]
pub(crate) struct AcceptedOne {
    pub(crate) id: Uuid,
    pub(crate) expected: Verdict,
    /// Where its callback comes.
    pub(crate) callback_path: String,
    /// The verdict, where its client waited for it.
    pub(crate) told: Option<Judgement>,
}

/// What one request hands in.
struct Request<'a> {
    number: usize,
    /// Number of its first submission.
    first: usize,
    programs: Vec<&'a Program>,
    waits: bool,
}

/// Hands in everything, as fast as verdicts come.
pub(crate) async fn hand_in(
    plan: &Plan,
    front: &Front,
    listener: &CallbackListener,
    judged: &watch::Receiver<usize>,
) -> Vec<AcceptedOne> {
    let programs = programs();
    assize::tls::install_provider();
    let client = Client::builder().timeout(REQUEST_TIMEOUT).build().unwrap();
    let requests = requests(&programs, plan.submissions);
    futures::stream::iter(requests)
        .map(async |request| {
            let enough = request.first.saturating_sub(plan.backlog);
            judged.clone().wait_for(|judged| *judged >= enough).await.unwrap();
            request.hand_in(&client, front, listener).await
        })
        .buffer_unordered(CLIENTS)
        .collect::<Vec<_>>()
        .await
        .into_iter()
        .flatten()
        .collect()
}

fn requests(programs: &[Program], submissions: usize) -> Vec<Request<'_>> {
    let mut shapes = SHAPES.into_iter().cycle();
    let mut requests = Vec::new();
    let mut first = 0;
    while first < submissions {
        let (size, waits) = shapes.next().unwrap();
        let size = size.min(submissions - first);
        let programs = programs.iter().cycle().skip(first % programs.len()).take(size);
        requests.push(Request {
            number: requests.len(),
            first,
            programs: programs.collect(),
            waits,
        });
        first += size;
    }
    requests
}

impl Request<'_> {
    /// One of so many is sent twice, as by a client that has forgotten that it was answered.
    async fn hand_in(&self, client: &Client, front: &Front, listener: &CallbackListener) -> Vec<AcceptedOne> {
        let states = self.answered(client, front, listener).await;
        if self.number.is_multiple_of(TWICE) {
            let again = self.answered(client, front, listener).await;
            let ids = |states: &[SubmissionState]| states.iter().map(|state| state.id).collect::<Vec<_>>();
            assert_eq!(ids(&states), ids(&again), "one key, two submissions");
        }
        let accepted = states.into_iter().zip(&self.programs).enumerate();
        accepted
            .map(|(index, (state, program))| AcceptedOne {
                id: state.id,
                expected: program.expected,
                callback_path: self.callback_path(index),
                told: state.verdict,
            })
            .collect()
    }

    fn callback_path(&self, index: usize) -> String {
        format!("/{}", self.first + index)
    }

    fn body(&self, listener: &CallbackListener) -> Value {
        let submission = |(index, program): (usize, &&Program)| {
            let mut submission = serde_json::to_value(program.submission()).unwrap();
            // The key of the request gives it its id.
            submission.as_object_mut().unwrap().remove("id");
            submission["callback_url"] = json!(listener.url(&self.callback_path(index)));
            submission
        };
        let mut submissions: Vec<Value> = self.programs.iter().enumerate().map(submission).collect();
        match submissions.len() {
            1 => submissions.remove(0),
            _ => json!(submissions),
        }
    }

    /// Sends it until a service has taken all of it: to one, and where that does not answer to the other.
    async fn answered(&self, client: &Client, front: &Front, listener: &CallbackListener) -> Vec<SubmissionState> {
        let body = self.body(listener).to_string();
        let turn = AtomicUsize::new(self.number);
        let taken = Mutex::new(None);
        until(async || {
            let service = turn.fetch_add(1, Ordering::Relaxed) % 2;
            let states = self.sent(client, front, service, &body).await;
            let is_taken = states.is_some();
            *taken.lock().unwrap() = states;
            is_taken
        })
        .await;
        taken.into_inner().unwrap().unwrap()
    }

    /// What one service says; nothing where the request is to be sent again.
    async fn sent(&self, client: &Client, front: &Front, service: usize, body: &str) -> Option<Vec<SubmissionState>> {
        let path = match self.waits {
            true => "/v1/submissions?wait=40",
            false => "/v1/submissions",
        };
        let request = client
            .post(front.url(service, path))
            .header("content-type", "application/json")
            .header("idempotency-key", format!("soak-{}", self.number))
            .body(body.to_owned());
        if self.waits {
            front.waiting[service].fetch_add(1, Ordering::Relaxed);
        }
        let answer = async { read(request.send().await?).await }.await;
        if self.waits {
            front.waiting[service].fetch_sub(1, Ordering::Relaxed);
        }
        match answer {
            Ok(Some(states)) => Some(states),
            Ok(None) => {
                front.refused.fetch_add(1, Ordering::Relaxed);
                None
            }
            Err(error) => {
                if self.waits && !error.is_connect() && !error.is_timeout() {
                    front.cut_off.fetch_add(1, Ordering::Relaxed);
                }
                None
            }
        }
    }
}

/// The submissions that were taken; nothing where something was away. Any other refusal fails the soak.
async fn read(response: Response) -> Result<Option<Vec<SubmissionState>>, reqwest::Error> {
    let status = response.status();
    let body = response.text().await?;
    if status == StatusCode::SERVICE_UNAVAILABLE {
        return Ok(None);
    }
    assert!(matches!(status.as_u16(), 200 | 202), "{status}: {body}");
    if !body.starts_with('[') {
        return Ok(Some(vec![serde_json::from_str(&body).unwrap()]));
    }
    let entries: Vec<BatchEntry> = serde_json::from_str(&body).unwrap();
    let states = entries.into_iter().map(|entry| match entry {
        BatchEntry::Accepted(state) => Some(*state),
        BatchEntry::Refused(refusal) => {
            assert_eq!(refusal.status, 503, "{refusal:?}");
            None
        }
    });
    Ok(states.collect())
}
