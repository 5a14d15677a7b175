//! Bodies of requests, of which all together may take so much memory and no more.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::Request;
use hyper::body::Incoming;
use tokio::time::timeout;

use crate::refusal::Refusal;

/// Largest body of a request, in bytes: a request for a box, most of it the seccomp profile, of which the one that is
/// built in has 12 KiB.
const BODY_BYTES: usize = 256 << 10;

/// All bodies that are being read or answered, in bytes.
const ALL_BODIES_BYTES: usize = 64 << 20;

/// How long a client may take to send a body.
const BODY_WITHIN: Duration = Duration::from_secs(10);

/// The memory of all bodies.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bodies(Arc<AtomicUsize>);

/// A whole body, which counts until it is dropped.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    taken: Taken,
}

#[derive(Debug)]
struct Taken {
    all: Bodies,
    bytes: usize,
}

impl Bodies {
    /// Reads the body of a request to its end.
    pub(crate) async fn read(&self, request: Request<Incoming>) -> Result<Body, Refusal> {
        match timeout(BODY_WITHIN, self.collect(request.into_body())).await {
            Ok(collected) => collected,
            Err(_elapsed) => Err(Refusal::forbidden("its body does not come")),
        }
    }

    async fn collect(&self, mut incoming: Incoming) -> Result<Body, Refusal> {
        let mut body = Body {
            bytes: Vec::new(),
            taken: Taken {
                all: self.clone(),
                bytes: 0,
            },
        };
        while let Some(frame) = incoming.frame().await {
            let frame = frame.map_err(|error| Refusal::forbidden(format!("its body cannot be read: {error}")))?;
            let Some(data) = frame.data_ref() else { continue };
            if body.bytes.len() + data.len() > BODY_BYTES {
                return Err(Refusal::forbidden(format!("its body has more than {BODY_BYTES} bytes")));
            }
            body.taken.take(data.len())?;
            body.bytes.extend_from_slice(data);
        }
        Ok(body)
    }
}

impl Taken {
    fn take(&mut self, bytes: usize) -> Result<(), Refusal> {
        self.bytes += bytes;
        if self.all.0.fetch_add(bytes, Ordering::Relaxed) + bytes > ALL_BODIES_BYTES {
            return Err(Refusal::busy(
                "the bodies of other requests take up all the memory for them",
            ));
        }
        Ok(())
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.all.0.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_bounded_together_and_counted_off_when_they_go() {
        let all = Bodies::default();
        let part = || Taken {
            all: all.clone(),
            bytes: 0,
        };
        let mut held: Vec<_> = (0..256).map(|_number| part()).collect();
        for taken in &mut held {
            taken.take(BODY_BYTES).unwrap();
        }
        let mut more = part();
        assert!(more.take(1).is_err());
        drop(more);
        held.pop();
        part().take(BODY_BYTES).unwrap();
        drop(held);
        assert_eq!(all.0.load(Ordering::Relaxed), 0);
    }
}
