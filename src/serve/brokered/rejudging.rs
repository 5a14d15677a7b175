//! Submissions that are sent to the workers once more.

use super::{Brokered, away};
use uuid::Uuid;

use crate::contract::{Rejected, Request, SubmissionMessage, document};
use crate::gateway::{EngineError, Rejudge, Urgency};
use crate::store::{OpenRequest, OpenedAgain, StoredMessage};
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
            place,
        } = wanted;
        let watched = Request {
            submission: id,
            rejudge: Some(request),
        };
        let mut message = match self.kept_message(id).await {
            // It was asked for while its program was kept, or by a service that could read it.
            Err(EngineError::NotKept(_) | EngineError::Unreadable(_)) if self.was_asked_for(id, request).await? => {
                return self.follow_again(id, request, &site).await;
            }
            kept => kept?,
        };
        message.rejudge = Some(request);
        self.check_can_send()?;
        let open = OpenRequest {
            request: watched,
            site: &site,
            is_bulk: urgency == Urgency::Bulk,
            is_charged,
        };
        // Before the message: what is judged at once is closed behind this.
        match self.store.open_again(open).await.map_err(away)? {
            OpenedAgain::ToPublish => place.settle(),
            OpenedAgain::Before => return self.follow_again(id, request, &site).await,
            OpenedAgain::BeingSent => return Err(EngineError::BeingSent),
        }
        self.watched.watch(watched, &site);
        if let Err(error) = self.publish_again(&message, urgency).await {
            self.forget_unsent(watched).await;
            return Err(error);
        }
        // Behind the message: what is not sent is not waited for.
        let trace = TraceContext::current().traceparent();
        let noted = self.store.sent_again(id, request, trace.as_deref());
        noted.await.map_err(away)
    }

    /// Of a request that was sent before. The service that sent it may have died before it had noted that.
    async fn follow_again(&self, id: Uuid, request: Uuid, site: &str) -> Result<(), EngineError> {
        let trace = TraceContext::current().traceparent();
        let noted = self.store.sent_before(id, request, trace.as_deref());
        if noted.await.map_err(away)? {
            let watched = Request {
                submission: id,
                rejudge: Some(request),
            };
            self.watched.watch(watched, site);
        }
        Ok(())
    }

    async fn publish_again(&self, message: &SubmissionMessage, urgency: Urgency) -> Result<(), EngineError> {
        let sender = self.linked()?;
        let sent = match urgency {
            Urgency::Now => sender.send(message).await,
            Urgency::Bulk => sender.send_in_bulk(message).await,
        };
        sent.map_err(|error| EngineError::Unavailable(error.to_string()))
    }

    async fn was_asked_for(&self, id: Uuid, request: Uuid) -> Result<bool, EngineError> {
        let counted = self.store.count_asked_again(&[id], request).await;
        Ok(counted.map_err(away)? > 0)
    }

    /// A submission as it was sent, whose tests are still there.
    async fn kept_message(&self, id: Uuid) -> Result<SubmissionMessage, EngineError> {
        let kept = match self.store.message(id).await.map_err(away)? {
            StoredMessage::Kept(kept) => kept,
            StoredMessage::Conflict => return Err(Rejected::id_conflict(id).into()),
            StoredMessage::Gone => {
                let why = "its program is not kept any longer (serve.keep_sources_s); send it once more";
                return Err(EngineError::NotKept(why));
            }
        };
        let message: SubmissionMessage =
            document(kept.as_bytes()).map_err(|error| EngineError::Unreadable(error.to_string()))?;
        if let Some(hash) = message.test_set {
            let found = self.store.test_set(None, hash).await.map_err(away)?;
            found.ok_or(EngineError::NotKept(
                "its test set is not kept any longer; upload it once more",
            ))?;
        }
        Ok(message)
    }
}
