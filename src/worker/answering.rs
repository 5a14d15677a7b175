//! Answers on their way out. What no queue takes does not go round in the queues where something else has it.

use std::time::Duration;

use crate::broker::{Delivery, PublishError, Settlement};
use crate::contract::{Answer, Rejection};
use crate::worker::Worker;
use crate::worker::job::{GradeError, Job};

impl Worker {
    /// Publishes the answer to a submission that was judged before.
    pub(super) async fn answer_again(&self, job: &Job<'_>, answer: Answer) -> Result<Settlement, GradeError> {
        tracing::info!(
            verdict = answer.code(),
            "the submission was judged before: the same verdict is published again"
        );
        let answer = answer.within(self.settings.broker.max_verdict_bytes);
        self.tell_stored(job.delivery, &answer).await?;
        self.published(&answer, job.keep()).await;
        Ok(Settlement::Ack)
    }

    /// Publishes an answer that the database has, where there is one. An operator who wants no queue for verdicts reads them
    /// there: that no queue takes it ends its submission all the same.
    pub(super) async fn tell_stored(&self, delivery: &Delivery, answer: &Answer) -> Result<(), PublishError> {
        match self.broker.publish_verdict(delivery, answer).await {
            Err(error @ PublishError::Unroutable { .. })
                if self.settings.store.enabled && self.settings.broker.verdict_queue.is_empty() =>
            {
                tracing::debug!(%error, "no queue takes the answer; the database has it");
                Ok(())
            }
            other => other,
        }
    }

    /// Publishes an answer whose submission becomes a dead letter with it, where an operator finds it.
    pub(super) async fn tell_of_dead(&self, delivery: &Delivery, answer: &Answer) -> Result<(), PublishError> {
        let told = self.broker.publish_verdict(delivery, answer).await;
        unless_unroutable(told, "no queue takes the answer; the dead letter has it")
    }

    /// Publishes a rejection. Its message is kept with those that were rejected, with the reason.
    pub(super) async fn tell_rejection(
        &self,
        delivery: &Delivery,
        code: &str,
        rejection: &Rejection,
    ) -> Result<(), PublishError> {
        let told = self.broker.publish_rejection(delivery, code, rejection).await;
        unless_unroutable(told, "no queue takes the rejection; its sender does not hear of it")
    }

    /// From now on a run is kept for as long as it says: until it was published, its message may have come again.
    pub(super) async fn published(&self, answer: &Answer, keep: Option<Duration>) {
        let Some(keep) = keep else { return };
        if let Err(error) = self.store.published_run(answer.id(), keep).await {
            tracing::warn!(%error, "it is not noted that a result was published; it is kept for a day more");
        }
    }
}

fn unless_unroutable(told: Result<(), PublishError>, instead: &str) -> Result<(), PublishError> {
    match told {
        Err(error @ PublishError::Unroutable { .. }) => {
            tracing::info!(%error, "{instead}");
            Ok(())
        }
        other => other,
    }
}
