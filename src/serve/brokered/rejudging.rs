//! Submissions that are sent to the workers once more.

use super::{Brokered, away};
use crate::contract::{Request, SubmissionMessage, document};
use crate::gateway::{EngineError, Rejudge, Urgency};
use crate::telemetry::TraceContext;

impl Brokered {
    /// Publishes the message of a submission once more, with a request to judge it whatever was decided before.
    pub(super) async fn send_again(&self, wanted: Rejudge) -> Result<(), EngineError> {
        let Rejudge {
            id,
            request,
            site,
            urgency,
        } = wanted;
        let kept = self.store.message(id).await.map_err(away)?;
        let kept = kept.ok_or(EngineError::NotKept(
            "its program is not kept any longer (serve.keep_sources_s); send it once more",
        ))?;
        let mut message: SubmissionMessage =
            document(kept.as_bytes()).map_err(|error| EngineError::Unavailable(error.to_string()))?;
        if let Some(hash) = message.test_set {
            let found = self.store.test_set(None, hash).await.map_err(away)?;
            found.ok_or(EngineError::NotKept(
                "its test set is not kept any longer; upload it once more",
            ))?;
        }
        message.rejudge = Some(request);
        let link = self.link.borrow().clone();
        let sender = link.ok_or_else(|| EngineError::Unavailable("RabbitMQ is away".to_owned()))?;
        let watched = Request {
            submission: id,
            rejudge: Some(request),
        };
        self.watched.watch(watched, &site);
        let sent = match urgency {
            Urgency::Now => sender.send(&message).await,
            Urgency::Bulk => sender.send_in_bulk(&message).await,
        };
        if let Err(error) = sent {
            self.watched.forget(watched);
            return Err(EngineError::Unavailable(error.to_string()));
        }
        // Behind the message: what is not sent is not waited for.
        let trace = TraceContext::current().traceparent();
        let called_back = self.store.call_back_again(id, request, trace.as_deref());
        called_back.await.map_err(away)
    }
}
