//! A conversation of two programs on a thread of its own, which runs where they run.
//!
//! A round is wakes and nothing else. The threads of the worker wake each other for every event, and a CPU that sleeps takes
//! longer to wake than a program to answer: see `docs/decisions-boxes.md`.

use std::io;
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use crate::judge::JudgeError;
use crate::judge::run::attempt::AttemptError;
use crate::judge::validation::wiring::{Both, Program, run_both};
use crate::sandbox::{RunRequest, Session, stay_on_list};

/// The two programs of an interactive problem, ready to run.
pub(super) struct Conversation {
    pub(super) submission: Session,
    pub(super) validator: Session,
    pub(super) submission_request: RunRequest,
    pub(super) validator_request: RunRequest,
    /// How much of what is said is kept, in bytes.
    pub(super) keep: usize,
    /// How long the submission may idle.
    pub(super) wall: Duration,
    /// Where both run, as in `cpuset(7)`; empty where they may run anywhere.
    pub(super) cpus: String,
}

/// A conversation that has ended, and the boxes in which it was held.
pub(super) struct Held {
    pub(super) submission: Session,
    pub(super) validator: Session,
    pub(super) both: Result<Both, AttemptError>,
}

impl Conversation {
    /// Runs both programs to their end. Where no thread can be had, on those of the worker.
    ///
    /// # Errors
    /// When the thread is lost, and both boxes with it.
    pub(super) async fn hold(self) -> Result<Held, JudgeError> {
        let (ended, ending) = oneshot::channel();
        let (ready, readiness) = oneshot::channel();
        let started = start_thread(self.cpus.clone(), ready, ended);
        let thread = match started {
            Ok(()) => readiness.await.ok(),
            Err(_none_left) => None,
        };
        let alone = match thread {
            Some(thread) => thread.send(self).err(),
            None => Some(self),
        };
        if let Some(conversation) = alone {
            tracing::warn!("no thread can be had for a conversation; the threads of the worker carry it");
            return Ok(conversation.run().await);
        }
        let lost = |_| JudgeError::Internal("the thread of a conversation has ended before it".into());
        ending.await.map_err(lost)
    }

    async fn run(mut self) -> Held {
        let both = self.run_both().await;
        self.ended(both)
    }

    async fn run_both(&mut self) -> Result<Both, AttemptError> {
        let submission = Program {
            session: &mut self.submission,
            request: &self.submission_request,
        };
        let validator = Program {
            session: &mut self.validator,
            request: &self.validator_request,
        };
        run_both(submission, validator, None, self.keep, self.wall).await
    }

    fn ended(self, both: Result<Both, AttemptError>) -> Held {
        Held {
            submission: self.submission,
            validator: self.validator,
            both,
        }
    }
}

/// Starts a thread that asks for a conversation by `ready`, and gives up what nothing waits for any more.
fn start_thread(
    cpus: String,
    ready: oneshot::Sender<oneshot::Sender<Conversation>>,
    mut ended: oneshot::Sender<Held>,
) -> io::Result<()> {
    let (workers, span) = (Handle::current(), tracing::Span::current());
    let carry = move || {
        // What a box leaves to do that is dropped, behind its conversation, is done by the threads of the worker.
        let _of_worker = workers.enter();
        let _span = span.enter();
        let Ok(runtime) = Builder::new_current_thread().enable_all().build() else {
            return;
        };
        // A thread that may not run there is slower, and right.
        let _elsewhere = stay_on_list(&cpus);
        let (give, conversation) = oneshot::channel();
        if ready.send(give).is_err() {
            return;
        }
        let Ok(mut conversation) = runtime.block_on(conversation) else {
            return;
        };
        let both = runtime.block_on(async {
            tokio::select! {
                biased;
                () = ended.closed() => None,
                both = conversation.run_both() => Some(both),
            }
        });
        if let Some(both) = both {
            // Where nothing waits for it any more, the boxes are dropped.
            let _not_wanted = ended.send(conversation.ended(both));
        }
    };
    thread::Builder::new().name("conversation".to_owned()).spawn(carry)?;
    Ok(())
}
