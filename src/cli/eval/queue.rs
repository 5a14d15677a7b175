//! Candidates judged by the workers of RabbitMQ: one connection, and each answer goes to the task that waits for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::broker::{Reply, SubmitClient, SubmitError};
use crate::cli::eval::answered::Answered;
use crate::config::BrokerSettings;
use crate::contract::SubmissionMessage;

/// The tasks that wait for answers; `None` when the connection is lost, and with it all answers.
type Waiting = Mutex<Option<HashMap<Uuid, oneshot::Sender<Answered>>>>;

/// A connection to the queue.
#[derive(Debug)]
pub(super) struct QueueJudge {
    sender: crate::broker::SubmitSender,
    waiting: Arc<Waiting>,
    stop: CancellationToken,
    receiving: JoinHandle<()>,
}

impl QueueJudge {
    pub(super) async fn connect(settings: &BrokerSettings) -> Result<Self, SubmitError> {
        let client = SubmitClient::connect(settings).await?;
        let sender = client.sender();
        let waiting = Arc::new(Mutex::new(Some(HashMap::new())));
        let stop = CancellationToken::new();
        let receiving = tokio::spawn(receive(client, Arc::clone(&waiting), stop.clone()));
        Ok(Self {
            sender,
            waiting,
            stop,
            receiving,
        })
    }

    pub(super) async fn answer(&self, message: &SubmissionMessage) -> Answered {
        const LOST: &str = "the connection to RabbitMQ is lost";
        let (sender, receiver) = oneshot::channel();
        match &mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(waiting) => waiting.insert(message.id, sender),
            None => return Answered::Silent(LOST.to_owned()),
        };
        // A caller that stops waiting is forgotten.
        let _forget = Forget {
            waiting: &self.waiting,
            id: message.id,
        };
        match self.sender.send_in_bulk(message).await {
            Ok(()) => receiver
                .await
                .unwrap_or_else(|_closed| Answered::Silent(LOST.to_owned())),
            Err(error) => Answered::Silent(error.to_string()),
        }
    }

    pub(super) async fn close(self) {
        self.stop.cancel();
        if let Err(error) = self.receiving.await {
            tracing::debug!(%error, "the task that takes answers has ended before");
        }
    }
}

struct Forget<'a> {
    waiting: &'a Waiting,
    id: Uuid,
}

impl Drop for Forget<'_> {
    fn drop(&mut self) {
        if let Some(waiting) = &mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) {
            waiting.remove(&self.id);
        }
    }
}

/// Hands answers out until it is stopped, or the connection is lost.
async fn receive(mut client: SubmitClient, waiting: Arc<Waiting>, stop: CancellationToken) {
    loop {
        let reply = tokio::select! {
            () = stop.cancelled() => break,
            reply = client.next() => reply,
        };
        let (id, answered) = match reply {
            Ok(Reply::Verdict(judgement)) => (Some(judgement.id), Answered::Verdict(judgement)),
            Ok(Reply::Rejection(rejection)) => (rejection.id, Answered::Refused(rejection.reason)),
            Ok(Reply::Progress(_) | Reply::Result(_)) => continue,
            Err(SubmitError::Answer(error)) => {
                tracing::warn!(%error, "an answer cannot be understood");
                continue;
            }
            Err(_lost) => break,
        };
        let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = id.and_then(|id| waiting.as_mut()?.remove(&id));
        if let Some(Err(_unwanted)) = sender.map(|sender| sender.send(answered)) {
            tracing::debug!("an answer came too late");
        }
    }
    *waiting.lock().unwrap_or_else(PoisonError::into_inner) = None;
    client.close().await;
}
