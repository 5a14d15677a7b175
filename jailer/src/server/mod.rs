//! Serves workers, each connection on a thread of its own.

mod channel;
mod connection;
mod listen;

use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::error::JailError;
use crate::server::channel::Channel;
use crate::server::connection::serve;
use crate::server::listen::listen_at;
use crate::settings::Settings;
use crate::wall::Wall;

/// Connections beyond those that may have a box.
const SPARE: usize = 64;

/// After a connection that could not be taken.
const PAUSE: Duration = Duration::from_millis(100);

/// A thread waits, and builds a configuration of some kilobytes.
const STACK_BYTES: usize = 256 << 10;

/// Workers that are served.
#[derive(Debug)]
pub struct Jailer {
    wall: Arc<Wall>,
    listener: UnixListener,
}

impl Jailer {
    /// Takes possession of the control groups, removes what an earlier jailer left in them, and listens.
    ///
    /// # Errors
    /// Names what cannot be used, and what to do about it.
    pub fn start(settings: Settings) -> Result<Self, JailError> {
        let wall = Wall::build(settings)?;
        let left = wall.sweep()?;
        if left > 0 {
            eprintln!("removed {left} boxes of an earlier jailer");
        }
        let path = &wall.settings.listen;
        let listener = listen_at(path, wall.settings.mode).map_err(|error| {
            JailError::unable(
                format!("cannot listen at {}: {error}", path.display()),
                "make its directory, or name another one with ASSIZE_JAILER_LISTEN",
            )
        })?;
        let wall = Arc::new(wall);
        Ok(Self { wall, listener })
    }

    /// Serves for ever.
    pub fn serve(&self) {
        let open = Arc::new(AtomicUsize::new(0));
        for stream in self.listener.incoming() {
            match stream {
                Ok(stream) => self.take(stream, &open),
                Err(error) => {
                    eprintln!("the jailer cannot take a connection: {error}");
                    // Without descriptors it would fail again at once, for as long as none is closed.
                    thread::park_timeout(PAUSE);
                }
            }
        }
    }

    fn take(&self, stream: UnixStream, open: &Arc<AtomicUsize>) {
        let place = OpenConnection::new(open);
        if place.number > self.wall.settings.bounds.boxes + SPARE {
            eprintln!("the jailer closed a connection: there are {} others", place.number - 1);
            return;
        }
        let wall = Arc::clone(&self.wall);
        let started = thread::Builder::new().stack_size(STACK_BYTES).spawn(move || {
            let _place = place;
            match Channel::new(stream, wall.settings.request_timeout) {
                Ok(channel) => serve(channel, &wall),
                Err(error) => eprintln!("cannot serve a connection: {error}"),
            }
        });
        if let Err(error) = started {
            eprintln!("cannot start a thread for a connection: {error}");
        }
    }
}

/// Counts a connection for as long as it is open.
struct OpenConnection {
    open: Arc<AtomicUsize>,
    number: usize,
}

impl OpenConnection {
    fn new(open: &Arc<AtomicUsize>) -> Self {
        let number = open.fetch_add(1, Ordering::Relaxed) + 1;
        let open = Arc::clone(open);
        Self { open, number }
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}
