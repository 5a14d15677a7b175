//! Submissions that are handed in.

use std::sync::Arc;

use super::Standalone;
use crate::contract::{CallbackTarget, Fingerprint, Submission};
use crate::gateway::{EngineError, Entry, Order, UnderWay};
use crate::judge::JudgeFailure;
use crate::serve::memory_callbacks::MemoryCallbacks;

/// Where an answer is sent, with the room for it.
type Reservation<'a> = (&'a MemoryCallbacks, CallbackTarget, UnderWay);

impl Standalone {
    /// Takes a submission, if there is room. One that is known is the same one.
    pub(super) async fn take(&self, order: Order) -> Result<Arc<Entry>, EngineError> {
        if let Some(before) = self.same(&order.read.submission, &order.site)? {
            return Ok(before);
        }
        // Before all that takes a while: what waits for room asks for it again and again.
        let room = self.board().room_for(&order.read.submission);
        if let Err(waiting) = room {
            return Err(busy(waiting, order));
        }
        self.examine(&order.read.submission).await?;
        let callback = self.callback_to(order.callback.clone(), &order.site)?;
        let fingerprint = order.read.submission.fingerprint();
        self.add(order, fingerprint, callback)
    }

    /// The same submission, if this site has handed it in before. Megabytes are hashed without the lock, and only where there
    /// is something to hold them against.
    pub(super) fn same(&self, submission: &Submission, site: &str) -> Result<Option<Arc<Entry>>, EngineError> {
        if self.board().find(submission.id).is_none() {
            return Ok(None);
        }
        let fingerprint = submission.fingerprint();
        self.board().same(submission.id, fingerprint, site)
    }

    /// What was handed in meanwhile may be the same, or have taken the room.
    fn add(
        &self,
        order: Order,
        fingerprint: Fingerprint,
        callback: Option<Reservation<'_>>,
    ) -> Result<Arc<Entry>, EngineError> {
        let mut board = self.board();
        if let Some(before) = board.same(order.read.submission.id, fingerprint, &order.site)? {
            return Ok(before);
        }
        if let Err(waiting) = board.room_for(&order.read.submission) {
            return Err(busy(waiting, order));
        }
        let entry = board.add(order.read.submission, fingerprint, order.site);
        drop(board);
        order.place.settle();
        self.queued.add_permits(1);
        if let Some((callbacks, target, room)) = callback {
            callbacks.follow(Arc::clone(&entry), target, room);
        }
        Ok(entry)
    }

    async fn examine(&self, submission: &Submission) -> Result<(), EngineError> {
        match self.judge.check(submission).await {
            Ok(()) => Ok(()),
            Err(JudgeFailure::Rejected(rejected)) => Err(rejected.into()),
            // A package that is broken is told when the submission is judged.
            Err(JudgeFailure::Error(error)) if !error.culprit().is_storage() => Ok(()),
            Err(JudgeFailure::Error(error)) => Err(EngineError::Unavailable(error.to_string())),
        }
    }

    /// Room for a callback, if one is asked for.
    fn callback_to(
        &self,
        target: Option<CallbackTarget>,
        site: &Arc<str>,
    ) -> Result<Option<Reservation<'_>>, EngineError> {
        let Some((callbacks, target)) = self.callbacks.as_ref().zip(target) else {
            return Ok(None);
        };
        Ok(Some((callbacks, target, callbacks.reserve(site)?)))
    }
}

fn busy(waiting: usize, order: Order) -> EngineError {
    let order = Box::new(order);
    EngineError::Busy { waiting, order }
}
