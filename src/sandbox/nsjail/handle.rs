//! The worker's side of one box.

use std::sync::Arc;

use assize_jailer_protocol::{Answer, Request};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::{Mutex, oneshot, watch};

use super::call::{CallError, Jailer};
use super::channel::Channel;
use super::request::limits;
use crate::sandbox::{BoxHandle, BoxMeter, BoxSpec, LaunchError, PostMortem};

/// Owns one box.
pub(super) struct JailHandle {
    id: String,
    jailer: Jailer,
    /// `None` once the box is being destroyed.
    channel: Arc<Mutex<Option<Channel>>>,
    /// Dropped to end the box.
    _alive: oneshot::Sender<()>,
    over: watch::Receiver<bool>,
}

/// The other side of a [`JailHandle`].
pub(super) struct End {
    id: String,
    channel: Arc<Mutex<Option<Channel>>>,
    asked: oneshot::Receiver<()>,
    over: watch::Sender<bool>,
}

impl JailHandle {
    pub(super) fn new(id: &str, channel: Channel, jailer: &Jailer) -> (Self, End) {
        let channel = Arc::new(Mutex::new(Some(channel)));
        let (alive, asked) = oneshot::channel();
        let (sender, over) = watch::channel(false);
        let handle = Self {
            id: id.to_owned(),
            jailer: jailer.clone(),
            channel: Arc::clone(&channel),
            _alive: alive,
            over,
        };
        let end = End {
            id: id.to_owned(),
            channel,
            asked,
            over: sender,
        };
        (handle, end)
    }

    /// Asks the jailer about this box.
    async fn ask(&self, step: &'static str, request: &Request) -> Result<Answer, CallError> {
        let mut channel = self.channel.lock().await;
        let gone = || CallError::out_of_turn(&self.jailer, step);
        let channel = channel.as_mut().ok_or_else(gone)?;
        match self.jailer.ask_over(channel, step, request).await? {
            Answer::Refused(refusal) => Err(self.jailer.refused(step, refusal)),
            answer => Ok(answer),
        }
    }
}

/// Waits until the handle of a box is gone, hangs up, and waits until the box is gone too.
pub(super) async fn until_over(end: End) {
    let End {
        id,
        channel,
        asked,
        over,
    } = end;
    // Nothing is ever sent: the handle is dropped.
    let _dropped = asked.await;
    if let Some(channel) = channel.lock().await.take()
        && let Err(error) = channel.close().await
    {
        tracing::warn!(box.id = id, %error, "the jailer went away before it said that a box is gone");
    }
    over.send_replace(true);
}

impl BoxHandle for JailHandle {
    fn resize<'a>(&'a self, spec: &'a BoxSpec) -> BoxFuture<'a, Result<(), LaunchError>> {
        async move {
            let resized = self.ask("resize", &Request::Resize(limits(spec))).await;
            match resized.map_err(|error| error.into_launch_error(&spec.environment))? {
                Answer::Resized => Ok(()),
                _other => Err(CallError::out_of_turn(&self.jailer, "resize").into_launch_error(&spec.environment)),
            }
        }
        .boxed()
    }

    /// The runner reads the control group of its box.
    fn meter(&self) -> Option<&dyn BoxMeter> {
        None
    }

    fn post_mortem(&self) -> BoxFuture<'_, PostMortem> {
        async {
            match self.ask("examine", &Request::PostMortem).await {
                Ok(Answer::Ended(ended)) if ended.memory_kills > 0 => PostMortem::OutOfMemory,
                Ok(Answer::Ended(ended)) if ended.ended_by_host => PostMortem::EndedByHost,
                Ok(_unexplained) => PostMortem::Unexplained,
                Err(error) => {
                    tracing::warn!(box.id = self.id, %error, "the worker cannot find out how a box ended");
                    PostMortem::EndedByHost
                }
            }
        }
        .boxed()
    }

    fn destroy(self: Box<Self>) -> BoxFuture<'static, ()> {
        let Self { _alive, mut over, .. } = *self;
        drop(_alive);
        async move {
            // An error means that the task has ended.
            let _ended = over.wait_for(|over| *over).await;
        }
        .boxed()
    }
}
