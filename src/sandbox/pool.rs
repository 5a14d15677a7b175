//! Boxes that are started before they are needed.
//!
//! ```text
//! Pool
//!  |- launch: a warm box of the right kind, made to fit; else one on demand   (the caller's task)
//!  `- warmer: keeps the kinds that are in use warm                            (one task, ends with the pool)
//! ```
//!
//! A warm box holds nothing but a runner that has said hello. It gets its exact limits when it is leased, serves one
//! submission and is destroyed; nothing ever comes back. When there is none, a box is made on demand: slower, never wrong.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _, stream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::sandbox::{BoxSpec, LaunchError, LiveBox, Sandbox, SweepError};

/// Kinds that are kept warm at once; the one that was not asked for longest goes first.
const KINDS: usize = 4;

/// How long the runner of a new box may take to say hello.
const HELLO_TAKES_AT_MOST: Duration = Duration::from_secs(30);

/// Pause after a box could not be warmed, so that a sick host is not asked all the time.
const PAUSE: Duration = Duration::from_secs(2);

/// A sandbox whose boxes are started ahead.
#[derive(Debug)]
pub struct Pool {
    inner: Arc<dyn Sandbox>,
    shelves: Arc<Shelves>,
    wanted: mpsc::UnboundedSender<BoxSpec>,
    warmer: Mutex<Option<JoinHandle<()>>>,
    closing: CancellationToken,
}

/// The warm boxes, by kind.
#[derive(Debug)]
struct Shelves {
    warm_boxes: usize,
    shelves: Mutex<HashMap<BoxSpec, Shelf>>,
}

#[derive(Debug)]
struct Shelf {
    asked: Instant,
    warm: VecDeque<Warm>,
}

#[derive(Debug)]
struct Warm {
    live: LiveBox,
    memory_bytes: u64,
    processes: u64,
}

impl Pool {
    /// Keeps up to `warm_boxes` boxes of each kind that is in use.
    pub fn new(inner: Arc<dyn Sandbox>, warm_boxes: usize) -> Self {
        let shelves = Arc::new(Shelves {
            warm_boxes,
            shelves: Mutex::default(),
        });
        let (wanted, requests) = mpsc::unbounded_channel();
        let closing = CancellationToken::new();
        let warmer = keep_warm(Arc::clone(&inner), Arc::clone(&shelves), requests, closing.clone());
        Self {
            inner,
            shelves,
            wanted,
            warmer: Mutex::new(Some(tokio::spawn(warmer))),
            closing,
        }
    }

    /// Boxes that could be leased now.
    pub fn ready(&self) -> usize {
        let shelves = self.shelves.shelves.lock().unwrap_or_else(PoisonError::into_inner);
        shelves.values().map(|shelf| shelf.warm.len()).sum()
    }

    async fn lease(&self, spec: &BoxSpec) -> Result<LiveBox, LaunchError> {
        let leased = self.shelves.take(spec);
        // The warmer ends only with the pool.
        let _closing = self.wanted.send(spec.clone());
        let Some(Warm {
            live,
            memory_bytes,
            processes,
        }) = leased
        else {
            return self.inner.launch(spec).await;
        };
        if (memory_bytes, processes) == (spec.memory_bytes, spec.processes) {
            return Ok(live);
        }
        match self.inner.fit(&live.id, spec).await {
            Ok(()) => Ok(live),
            Err(error) => {
                tracing::warn!(box.id = live.id, %error, "a warm box cannot be made to fit");
                self.inner.launch(spec).await
            }
        }
    }
}

impl Sandbox for Pool {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    fn seccomp_digest(&self) -> &str {
        self.inner.seccomp_digest()
    }

    fn launch<'a>(&'a self, spec: &'a BoxSpec) -> BoxFuture<'a, Result<LiveBox, LaunchError>> {
        self.lease(spec).boxed()
    }

    fn fit<'a>(&'a self, id: &'a str, spec: &'a BoxSpec) -> BoxFuture<'a, Result<(), LaunchError>> {
        self.inner.fit(id, spec)
    }

    fn sweep(&self) -> BoxFuture<'_, Result<usize, SweepError>> {
        self.inner.sweep()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async {
            let warmer = self.warmer.lock().unwrap_or_else(PoisonError::into_inner).take();
            self.closing.cancel();
            // It is not aborted: a box that is being made must be known, or nobody would remove it.
            if let Some(warmer) = warmer
                && let Err(error) = warmer.await
            {
                tracing::error!(%error, "the task that warms boxes failed");
            }
            self.shelves.clear();
            self.inner.close().await;
        }
        .boxed()
    }
}

impl Shelves {
    /// A box of the kind that is still alive.
    fn take(&self, spec: &BoxSpec) -> Option<Warm> {
        let mut shelves = self.shelves.lock().unwrap_or_else(PoisonError::into_inner);
        let shelf = shelves.get_mut(&kind_of(spec))?;
        while let Some(mut warm) = shelf.warm.pop_front() {
            if is_alive(&mut warm.live) {
                return Some(warm);
            }
            tracing::warn!(box.id = warm.live.id, "a warm box has died");
        }
        None
    }

    /// Notes that a kind is in use, and says whether it lacks boxes.
    fn lacks(&self, spec: &BoxSpec) -> bool {
        let mut shelves = self.shelves.lock().unwrap_or_else(PoisonError::into_inner);
        let kind = kind_of(spec);
        if !shelves.contains_key(&kind)
            && shelves.len() >= KINDS
            && let Some(oldest) = shelves
                .iter()
                .min_by_key(|(_, shelf)| shelf.asked)
                .map(|(kind, _)| kind.clone())
        {
            shelves.remove(&oldest);
        }
        let shelf = shelves.entry(kind).or_insert_with(|| Shelf {
            asked: Instant::now(),
            warm: VecDeque::new(),
        });
        shelf.asked = Instant::now();
        shelf.warm.len() < self.warm_boxes
    }

    fn put(&self, spec: &BoxSpec, live: LiveBox) {
        let mut shelves = self.shelves.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shelf) = shelves.get_mut(&kind_of(spec)) {
            let BoxSpec {
                memory_bytes,
                processes,
                ..
            } = *spec;
            shelf.warm.push_back(Warm {
                live,
                memory_bytes,
                processes,
            });
        }
    }

    fn clear(&self) {
        self.shelves.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

async fn keep_warm(
    inner: Arc<dyn Sandbox>,
    shelves: Arc<Shelves>,
    mut requests: mpsc::UnboundedReceiver<BoxSpec>,
    closing: CancellationToken,
) {
    while let Some(Some(request)) = closing.run_until_cancelled(requests.recv()).await {
        let spec = BoxSpec {
            purpose: "warm".to_owned(),
            ..request
        };
        while shelves.lacks(&spec) && !closing.is_cancelled() {
            match warm_up(inner.as_ref(), &spec).await {
                Ok(live) => shelves.put(&spec, live),
                Err(error) => {
                    tracing::warn!(%error, "cannot warm a box");
                    closing.run_until_cancelled(tokio::time::sleep(PAUSE)).await;
                    break;
                }
            }
        }
    }
}

/// Starts a box and waits for the runner's first words, which whoever leases it will read again.
async fn warm_up(inner: &dyn Sandbox, spec: &BoxSpec) -> Result<LiveBox, LaunchError> {
    let mut live = inner.launch(spec).await?;
    let hello: Option<io::Result<Bytes>> = timeout(HELLO_TAKES_AT_MOST, live.output.next())
        .await
        .map_err(|_| LaunchError::Timeout(HELLO_TAKES_AT_MOST))?;
    live.output = stream::iter(hello).chain(live.output).boxed();
    Ok(live)
}

/// A runner that waits is silent: whatever the stream has to say behind the hello is its end.
fn is_alive(live: &mut LiveBox) -> bool {
    let ended = std::mem::replace(&mut live.output, stream::empty().boxed());
    let mut output = ended.peekable();
    let hello = output.next().now_or_never().flatten();
    let silent = std::pin::Pin::new(&mut output).peek().now_or_never().is_none();
    live.output = stream::iter(hello).chain(output).boxed();
    silent
}

/// What makes boxes alike: everything that cannot be changed when one is leased.
fn kind_of(spec: &BoxSpec) -> BoxSpec {
    BoxSpec {
        memory_bytes: 0,
        processes: 0,
        purpose: String::new(),
        ..spec.clone()
    }
}
