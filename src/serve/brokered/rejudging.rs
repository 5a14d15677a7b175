//! Submissions that are sent to the workers once more.

use super::{Brokered, away};
use uuid::Uuid;

use crate::contract::{Request, SubmissionMessage, document};
use crate::gateway::{EngineError, Rejudge, Urgency};
use crate::store::OpenRequest;
use crate::telemetry::TraceContext;

impl Brokered {
    /// Publishes the message of a submission once more, with a request to judge it whatever was decided before.
    pub(super) async fn send_again(&self, wanted: Rejudge) -> Result<(), EngineError> {
        let Rejudge {
            id,
            request,
            site,
            urgency,
            is_charged,
        } = wanted;
        let mut message = match self.kept_message(id).await {
            // It was asked for while its program was kept.
            Err(EngineError::NotKept(_)) if self.was_asked_for(id, request).await? => return Ok(()),
            kept => kept?,
        };
        message.rejudge = Some(request);
        let sender = self.linked()?;
        let watched = Request {
            submission: id,
            rejudge: Some(request),
        };
        let open = OpenRequest {
            request: watched,
            site: &site,
            is_bulk: urgency == Urgency::Bulk,
            is_charged,
        };
        // Before the message: what is judged at once is closed behind this.
        self.store.open_again(open).await.map_err(away)?;
        self.watched.watch(watched, &site);
        let sent = match urgency {
            Urgency::Now => sender.send(&message).await,
            Urgency::Bulk => sender.send_in_bulk(&message).await,
        };
        if let Err(error) = sent {
            self.forget_unsent(watched).await;
            return Err(EngineError::Unavailable(error.to_string()));
        }
        // Behind the message: what is not sent is not waited for.
        let trace = TraceContext::current().traceparent();
        let called_back = self.store.call_back_again(id, request, trace.as_deref());
        called_back.await.map_err(away)
    }

    async fn was_asked_for(&self, id: Uuid, request: Uuid) -> Result<bool, EngineError> {
        let counted = self.store.count_asked_again(&[id], request).await;
        Ok(counted.map_err(away)? > 0)
    }

    /// A submission as it was sent, whose tests are still there.
    async fn kept_message(&self, id: Uuid) -> Result<SubmissionMessage, EngineError> {
        let kept = self.store.message(id).await.map_err(away)?;
        let kept = kept.ok_or(EngineError::NotKept(
            "its program is not kept any longer (serve.keep_sources_s); send it once more",
        ))?;
        let message: SubmissionMessage =
            document(kept.as_bytes()).map_err(|error| EngineError::Unavailable(error.to_string()))?;
        if let Some(hash) = message.test_set {
            let found = self.store.test_set(None, hash).await.map_err(away)?;
            found.ok_or(EngineError::NotKept(
                "its test set is not kept any longer; upload it once more",
            ))?;
        }
        Ok(message)
    }
}
