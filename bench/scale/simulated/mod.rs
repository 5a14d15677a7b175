//! A backend whose boxes run nothing: each test takes a drawn time and comes to a drawn end.
//!
//! ```text
//! SimulatedBackend
//!  `- launch: a task that speaks the runner's half of the protocol over a pipe in memory; it ends with its box
//! ```
//!
//! Everything else of a worker is real. It lives in this member, outside of the product: no setting of `assize` names it.

mod draw;
mod runner;

use std::sync::atomic::{AtomicU64, Ordering};

use assize::sandbox::{
    Backend, BackendError, BackendFacts, BoxHandle, BoxInput, BoxMeter, BoxSpec, Check, Isolation, LaunchError, Layer,
    LiveBox, PostMortem, SWEEP_EVERY, SweepError,
};
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use tokio::io::{duplex, split};
use tokio::task::{AbortHandle, JoinHandle};
use tokio_util::io::ReaderStream;

pub(crate) use draw::Odds;
use runner::Runner;

/// Bytes on their way to or from a box.
const PIPE: usize = 64 << 10;

/// What it is called in verdicts.
const NAME: &str = "simulated";

/// Boxes that run nothing.
#[derive(Debug)]
pub(crate) struct SimulatedBackend {
    odds: Odds,
    boxes: AtomicU64,
}

impl SimulatedBackend {
    pub(crate) fn new(odds: Odds) -> Self {
        Self {
            odds,
            boxes: AtomicU64::new(0),
        }
    }

    fn start(&self) -> LiveBox {
        let number = self.boxes.fetch_add(1, Ordering::Relaxed);
        let (worker, inside) = duplex(PIPE);
        let (output, input) = split(worker);
        let running = tokio::spawn(Runner::new(inside, self.odds).serve());
        LiveBox {
            id: format!("{NAME}-{number}"),
            environment_digest: NAME.to_owned(),
            input: BoxInput::bytes(input),
            output: ReaderStream::new(output).boxed(),
            handle: Box::new(SimulatedHandle::of(running)),
        }
    }
}

impl Backend for SimulatedBackend {
    fn facts(&self) -> BackendFacts {
        BackendFacts {
            name: NAME,
            runtime: NAME.to_owned(),
            isolation: Isolation::None,
            resizes: true,
            limits_memory: false,
            limits_processes: false,
            borrows_inputs: false,
            filter: None,
            kernel: None,
            layers: Vec::new(),
            sweep_every: SWEEP_EVERY,
        }
    }

    fn connect(&self) -> BoxFuture<'_, Result<(), BackendError>> {
        std::future::ready(Ok(())).boxed()
    }

    fn launch<'a>(&'a self, _spec: &'a BoxSpec) -> BoxFuture<'a, Result<LiveBox, LaunchError>> {
        std::future::ready(Ok(self.start())).boxed()
    }

    fn sweep(&self) -> BoxFuture<'_, Result<usize, SweepError>> {
        std::future::ready(Ok(0)).boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        std::future::ready(()).boxed()
    }

    fn examine<'a>(&'a self, _environments: &'a [&'a str]) -> BoxFuture<'a, Vec<Check>> {
        std::future::ready(vec![Check::ok(NAME, "boxes run nothing")]).boxed()
    }

    fn without(self: Box<Self>, layers: &[Layer]) -> Result<Box<dyn Backend>, BackendError> {
        match layers.first() {
            None => Ok(self),
            Some(layer) => Err(BackendError::NoSuchLayer {
                backend: NAME,
                layer: layer.name().to_owned(),
                layers: "none".to_owned(),
            }),
        }
    }
}

/// Ends the task of a box when it is dropped.
struct SimulatedHandle(AbortHandle);

impl SimulatedHandle {
    fn of(running: JoinHandle<()>) -> Self {
        Self(running.abort_handle())
    }
}

impl Drop for SimulatedHandle {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl BoxHandle for SimulatedHandle {
    fn resize<'a>(&'a self, _spec: &'a BoxSpec) -> BoxFuture<'a, Result<(), LaunchError>> {
        std::future::ready(Ok(())).boxed()
    }

    fn meter(&self) -> Option<&dyn BoxMeter> {
        None
    }

    fn post_mortem(&self) -> BoxFuture<'_, PostMortem> {
        std::future::ready(PostMortem::Unexplained).boxed()
    }

    fn destroy(self: Box<Self>) -> BoxFuture<'static, ()> {
        drop(self);
        std::future::ready(()).boxed()
    }
}
