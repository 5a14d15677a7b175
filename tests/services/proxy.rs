//! A door to a service that can be opened late, stalled, half closed, cut, and opened again.

use std::collections::BTreeSet;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, copy, sink};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

/// A port of the test's own before the port of a service.
#[derive(Debug)]
pub(crate) struct Door {
    pub(crate) port: u16,
    target: u16,
    cut: CancellationToken,
    open: TaskTracker,
    /// Numbers of the connections through it that one of both sides holds still.
    connections: Arc<Mutex<BTreeSet<u16>>>,
    opened: Arc<AtomicUsize>,
    /// To the service.
    requests: watch::Sender<Flow>,
    /// From the service.
    answers: watch::Sender<Flow>,
}

/// What becomes of bytes in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    Passes,
    /// They are taken, and kept until they pass again.
    Stalls,
    /// The other side is told that no more will come, and none does.
    Ends,
}

impl Door {
    /// An open one before the service of this URL, and the URL of the service through it.
    pub(crate) async fn before(url: &str) -> (Self, String) {
        let mut through = Url::parse(url).unwrap();
        let mut door = Self::closed(through.port().unwrap()).await;
        door.open().await;
        through.set_port(Some(door.port)).unwrap();
        (door, through.into())
    }

    /// A port without a listener.
    pub(crate) async fn closed(target: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self {
            port: listener.local_addr().unwrap().port(),
            target,
            cut: CancellationToken::new(),
            open: TaskTracker::new(),
            connections: Arc::default(),
            opened: Arc::default(),
            requests: watch::Sender::new(Flow::Passes),
            answers: watch::Sender::new(Flow::Passes),
        }
    }

    /// From now on, connections reach the service, and everything passes.
    pub(crate) async fn open(&mut self) {
        // A door that was cut may still have its port.
        self.open.close();
        self.open.wait().await;
        self.open = TaskTracker::new();
        self.set(Flow::Passes, Flow::Passes);
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        let (target, cut) = (self.target, CancellationToken::new());
        let (requests, answers) = (self.requests.subscribe(), self.answers.subscribe());
        self.cut = cut.clone();
        let (open, connections) = (self.open.clone(), Arc::clone(&self.connections));
        let opened = Arc::clone(&self.opened);
        self.open.spawn(cut.clone().run_until_cancelled_owned(async move {
            while let Ok((near, client)) = listener.accept().await {
                let passage = passage(near, target, requests.clone(), answers.clone());
                let (cut, connections) = (cut.clone(), Arc::clone(&connections));
                connections.lock().unwrap().insert(client.port());
                opened.fetch_add(1, Ordering::Relaxed);
                open.spawn(async move {
                    cut.run_until_cancelled_owned(passage).await;
                    connections.lock().unwrap().remove(&client.port());
                });
            }
        }));
    }

    /// The connections through it that one of both sides holds still, by the port of the client.
    pub(crate) fn connections(&self) -> BTreeSet<u16> {
        self.connections.lock().unwrap().clone()
    }

    /// How many connections came through it, those that have ended included.
    pub(crate) fn opened(&self) -> usize {
        self.opened.load(Ordering::Relaxed)
    }

    /// What becomes of bytes to the service, and of those from it, in every connection.
    pub(crate) fn set(&self, requests: Flow, answers: Flow) {
        self.requests.send_replace(requests);
        self.answers.send_replace(answers);
    }

    /// Closes the listener and every connection through it.
    pub(crate) fn cut(&self) {
        self.cut.cancel();
    }
}

async fn passage(
    near: TcpStream,
    target: u16,
    requests: watch::Receiver<Flow>,
    answers: watch::Receiver<Flow>,
) -> io::Result<()> {
    let far = TcpStream::connect(("127.0.0.1", target)).await?;
    let ((near_read, near_write), (far_read, far_write)) = (near.into_split(), far.into_split());
    tokio::try_join!(
        carry(near_read, far_write, requests),
        carry(far_read, near_write, answers)
    )?;
    Ok(())
}

/// Carries bytes until their source ends.
async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut flow: watch::Receiver<Flow>,
) -> io::Result<()> {
    let mut held = BytesMut::new();
    loop {
        let now = *flow.borrow_and_update();
        match now {
            Flow::Passes => to.write_all_buf(&mut held).await?,
            Flow::Stalls => {}
            Flow::Ends => {
                to.shutdown().await?;
                copy(&mut from, &mut sink()).await?;
                return Ok(());
            }
        }
        tokio::select! {
            read = from.read_buf(&mut held) => if read? == 0 {
                return to.shutdown().await;
            },
            changed = flow.changed() => if changed.is_err() {
                return Ok(());
            },
        }
    }
}
