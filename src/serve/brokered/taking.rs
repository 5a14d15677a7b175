//! Submissions that are handed in, and those that are known.

use std::sync::Arc;

use uuid::Uuid;

use super::{Brokered, away, first, outcome_of};
use crate::contract::{Rejected, Submission, SubmissionMessage};
use crate::gateway::{EngineError, Entry, Order};
use crate::serve::problems::check_problem;
use crate::store::{Accepted, GatewayRow, NewSubmission};
use crate::telemetry::TraceContext;

impl Brokered {
    /// Stores a submission and sends it. One that is known is the same one.
    pub(super) async fn take(&self, order: Order) -> Result<Arc<Entry>, EngineError> {
        let Order {
            read,
            site,
            callback,
            is_charged,
            place,
        } = order;
        let id = read.submission.id;
        if let Err(refused) = self.check_sendable(&read.submission).await {
            let before = self.same_as_before(&read.submission, &site).await?;
            return before.ok_or(refused);
        }
        let message =
            serde_json::to_string(&read.message).map_err(|error| EngineError::Unavailable(error.to_string()))?;
        let fingerprint = read.submission.fingerprint();
        let trace = TraceContext::current().traceparent();
        let new = NewSubmission {
            id,
            site: &site,
            fingerprint,
            message: &message,
            language: &read.message.language,
            problem: read.message.problem.as_ref().map(|problem| problem.id.as_str()),
            file: read.submission.program_name(),
            metadata: &read.message.metadata,
            callback: callback.as_ref(),
            traceparent: trace.as_deref(),
            sets_retention: read.submission.keep_s().is_some(),
            is_charged,
        };
        let entry = match self.store.accept(new).await.map_err(away)? {
            Accepted::Conflict => return Err(Rejected::id_conflict(id).into()),
            Accepted::Before => return self.known(id).await?.ok_or_else(|| vanished(id)),
            Accepted::ToPublish => self.watched.watch(first(id), &site),
        };
        place.settle();
        if let Err(error) = self.send(&read.message).await {
            self.forget_unsent(first(id)).await;
            return Err(error);
        }
        self.store.published(id).await.map_err(away)?;
        Ok(entry)
    }

    /// Refuses what no worker could judge now.
    async fn check_sendable(&self, submission: &Submission) -> Result<(), EngineError> {
        check_problem(&self.problems, &self.known_problems, submission).await?;
        self.check_can_send()
    }

    async fn send(&self, message: &SubmissionMessage) -> Result<(), EngineError> {
        let sent = self.linked()?.send(message).await;
        sent.map_err(|error| EngineError::Unavailable(error.to_string()))
    }

    /// The same submission, if this site has handed it in before.
    pub(super) async fn same_as_before(
        &self,
        submission: &Submission,
        site: &str,
    ) -> Result<Option<Arc<Entry>>, EngineError> {
        let (id, fingerprint) = (submission.id, submission.fingerprint());
        let before = self.store.accepted_before(id, site, fingerprint).await;
        match before.map_err(away)? {
            Some(Accepted::Before) => self.known(id).await,
            Some(Accepted::Conflict) => Err(Rejected::id_conflict(id).into()),
            Some(Accepted::ToPublish) | None => Ok(None),
        }
    }

    /// A submission that was taken, by any service.
    pub(super) async fn known(&self, id: Uuid) -> Result<Option<Arc<Entry>>, EngineError> {
        let found = self.watched.find(id);
        if let Some(found) = found.as_ref().filter(|found| found.is_looked_at) {
            return Ok(Some(Arc::clone(&found.entry)));
        }
        let found = found.map(|found| found.entry);
        let mut rows = match self.store.gateway_rows(&[id]).await {
            Ok(rows) => rows,
            // What has been heard is told also where the database is away.
            Err(error) => return found.map(Some).ok_or_else(|| away(error)),
        };
        let Some(row) = rows.pop() else { return Ok(None) };
        let row = row.map_err(|unreadable| EngineError::Unavailable(unreadable.to_string()))?;
        Ok(Some(self.entry_of(row, found)))
    }

    /// The submission of a row, which is watched where it has not ended.
    fn entry_of(&self, row: GatewayRow, found: Option<Arc<Entry>>) -> Arc<Entry> {
        let GatewayRow { id, site, running, .. } = row;
        let Some(outcome) = outcome_of(row.answer, row.rejection) else {
            let entry = found.unwrap_or_else(|| self.watched.watch(first(id), &site));
            if running && entry.outcome().is_none() {
                entry.begin();
            }
            return entry;
        };
        self.watched.forget(first(id));
        let entry = found.unwrap_or_else(|| Entry::new(id, site.into()));
        entry.end(outcome);
        entry
    }
}

fn vanished(id: Uuid) -> EngineError {
    EngineError::Unavailable(format!("the submission {id} is not in the database any more"))
}
