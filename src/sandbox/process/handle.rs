//! The worker's side of one runner.

use std::path::{Path, PathBuf};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::process::Child;
use tokio::sync::{oneshot, watch};
use tokio::time::timeout;

use super::directory::BoxDirectory;
use super::meter::OwnGroupMeter;
use crate::sandbox::{BoxHandle, BoxMeter, BoxSpec, LaunchError, PostMortem};

/// A runner whose worker has hung up kills everything in its box and ends; one that does not in this time is killed.
const ENDS_WITHIN: Duration = Duration::from_secs(5);

/// Owns one runner.
pub(super) struct ProcessHandle {
    /// Dropped to end the box.
    _alive: oneshot::Sender<()>,
    over: watch::Receiver<bool>,
    meter: OwnGroupMeter,
    work: PathBuf,
}

/// The other side of a [`ProcessHandle`].
pub(super) struct End {
    asked: oneshot::Receiver<()>,
    over: watch::Sender<bool>,
}

impl ProcessHandle {
    pub(super) fn new(directory: &BoxDirectory) -> (Self, End) {
        let (alive, asked) = oneshot::channel();
        let (sender, over) = watch::channel(false);
        let handle = Self {
            _alive: alive,
            over,
            meter: OwnGroupMeter,
            work: directory.work(),
        };
        (handle, End { asked, over: sender })
    }
}

/// Waits for the end of a box, by itself or because its handle is gone, and clears it away.
pub(super) async fn until_over(mut child: Child, directory: BoxDirectory, end: End) {
    let End { asked, over } = end;
    let asked_for = tokio::select! {
        _ended = child.wait() => false,
        _dropped = asked => true,
    };
    // Its input is closed by now, or is about to be: it belongs to the same session as the handle.
    if asked_for && timeout(ENDS_WITHIN, child.wait()).await.is_err() {
        // What cannot be killed is gone already.
        let _gone = child.kill().await;
    }
    drop(directory);
    over.send_replace(true);
}

impl BoxHandle for ProcessHandle {
    fn work(&self) -> &Path {
        &self.work
    }

    fn resize<'a>(&'a self, _spec: &'a BoxSpec) -> BoxFuture<'a, Result<(), LaunchError>> {
        let refused = LaunchError::Refused {
            step: "resize",
            remedy: "start another box".to_owned(),
            source: "a plain process has no limits that could be changed".into(),
        };
        std::future::ready(Err(refused)).boxed()
    }

    fn meter(&self) -> Option<&dyn BoxMeter> {
        Some(&self.meter)
    }

    /// Nothing is known of a runner that is gone: no limit could have ended it.
    fn post_mortem(&self) -> BoxFuture<'_, PostMortem> {
        std::future::ready(PostMortem::Unexplained).boxed()
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
