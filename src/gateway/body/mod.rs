//! The body of a request: JSON, within its size and its time.

pub(super) mod memory;

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Request, StatusCode};
use futures::StreamExt as _;
use tokio::task::{JoinError, spawn_blocking};
use tokio::time::timeout;

use crate::gateway::body::memory::BodyShare;
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::requests::RequestPlace;
use crate::gateway::sites::tokens::Site;
use crate::gateway::{Api, EngineError};

/// A whole body that is declared as JSON. It has its share of the memory for bodies as long as it is held.
#[derive(Debug)]
pub(super) struct JsonBody {
    pub(super) bytes: Bytes,
    share: Option<BodyShare>,
}

impl JsonBody {
    /// Reads it. What the site may not do is refused before, so that it sends no body for nothing.
    pub(super) async fn of(request: Request<Body>, api: &Api, site: &Site) -> Result<Self, Refusal> {
        let cap = BodyCap {
            bytes: api.serve.max_body_bytes,
            setting: "serve.max_body_bytes",
        };
        json_body(request, api, site, cap).await
    }

    /// The room that it takes up, for what is held in its place.
    pub(super) fn into_share(self) -> Option<BodyShare> {
        self.share
    }

    /// What `read` makes of it. Megabytes take a while, in which a thread of the runtime would serve no other request.
    pub(super) async fn read<T, E>(
        self,
        read: impl FnOnce(&[u8]) -> Result<T, E> + Send + 'static,
    ) -> Result<(Self, T), Refusal>
    where
        T: Send + 'static,
        E: Into<Refusal> + Send + 'static,
    {
        if self.bytes.len() <= READ_AT_ONCE {
            let content = read(&self.bytes).map_err(Into::into)?;
            return Ok((self, content));
        }
        let ended = |error: JoinError| EngineError::Unavailable(format!("the body could not be read: {error}"));
        // The body takes up its share of the memory until it is read, also where the client has gone.
        let reading = spawn_blocking(move || {
            let content = read(&self.bytes);
            (self, content)
        });
        let (body, content) = reading.await.map_err(ended)?;
        content.map(|content| (body, content)).map_err(Into::into)
    }
}

/// A whole body that is declared as JSON, within another size.
pub(super) async fn json_body(
    request: Request<Body>,
    api: &Api,
    site: &Site,
    cap: BodyCap,
) -> Result<JsonBody, Refusal> {
    check_kind(&request)?;
    let WholeBody { bytes, share } = whole_body(request, api, Some(site), cap).await?;
    Ok(JsonBody { bytes, share })
}

/// A whole body of any kind.
#[derive(Debug)]
pub(super) struct WholeBody {
    pub(super) bytes: Bytes,
    share: Option<BodyShare>,
}

/// How large a body may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct BodyCap {
    pub(super) bytes: usize,
    /// The setting that bounds it, for people.
    pub(super) setting: &'static str,
}

/// What is no larger than the head of a request needs no share of the memory: connections are counted. So a client that is not
/// known yet takes nothing from those that are, and a small body of one site comes however much the others send.
pub(super) const SMALL: usize = 8 << 10;

/// A body that is read where it came, in bytes, at most: another thread takes longer than to read it.
const READ_AT_ONCE: usize = 32 << 10;

/// The body of a form whose fields are words.
pub(super) const SMALL_BODY: BodyCap = BodyCap {
    bytes: SMALL,
    setting: "a form with a few words",
};

/// Reads a body within its size and its time. A client that is not known sends a small one.
pub(super) async fn whole_body(
    request: Request<Body>,
    api: &Api,
    site: Option<&Site>,
    cap: BodyCap,
) -> Result<WholeBody, Refusal> {
    let share = site.map(|site| api.body_memory().begin(&site.name));
    if let (None, Some(place)) = (site, request.extensions().get::<RequestPlace>()) {
        api.requests().name_client(place)?;
    }
    let allowed = Duration::from_millis(api.serve.body_timeout_ms);
    let read = timeout(allowed, collected(request.into_body(), share, cap)).await;
    read.unwrap_or_else(|_elapsed| {
        let detail = format!("the body did not come within {allowed:?} (serve.body_timeout_ms)");
        Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, "timeout", detail))
    })
}

/// The capacity for so many bytes: a quarter more than there was, so that a body that comes in pieces is not copied for each
/// of them, and not the double, which would be memory without a use.
fn grown(capacity: usize, length: usize, most: usize) -> usize {
    match length <= capacity {
        true => capacity,
        false => length.max((capacity + capacity / 4).min(most)),
    }
}

/// Memory is taken as the body comes, so that one that never comes takes none. What is counted is what is allocated.
async fn collected(body: Body, mut share: Option<BodyShare>, cap: BodyCap) -> Result<WholeBody, Refusal> {
    let mut bytes = Vec::<u8>::new();
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| incomplete(&error))?;
        let length = bytes.len() + piece.len();
        if length > cap.bytes {
            return Err(too_large(cap));
        }
        let capacity = grown(bytes.capacity(), length, cap.bytes);
        if let Some(share) = share.as_mut().filter(|_share| length > SMALL) {
            share.grow_to(capacity as u64)?;
        }
        bytes.reserve_exact(capacity - bytes.len());
        bytes.extend_from_slice(&piece);
    }
    let bytes = bytes.into();
    Ok(WholeBody { bytes, share })
}

/// A page of another origin cannot send this content type without a CORS preflight request, so a browser cannot be made to
/// send a submission by a simple form.
fn check_kind(request: &Request<Body>) -> Result<(), Refusal> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let essence = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    let detail = "the body has to be JSON and say so: Content-Type: application/json, with curl --json";
    Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", detail))
}

fn too_large(BodyCap { bytes, setting }: BodyCap) -> Refusal {
    let detail = format!("the body has more than {bytes} bytes ({setting})");
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
}

fn incomplete(error: &axum::Error) -> Refusal {
    let detail = format!("the body ended before it was whole: {error}");
    Refusal::new(StatusCode::BAD_REQUEST, "not_json", detail)
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn memory_grows_with_a_body_by_a_quarter_and_to_no_more_than_it_may_have() {
        let (mut capacity, mut allocated) = (0, 0);
        for length in (100..=100_000).step_by(100) {
            let before = capacity;
            capacity = grown(capacity, length, 100_000);
            allocated += usize::from(capacity != before);
            assert!(
                capacity >= length && capacity <= length + length / 4,
                "{length}: {capacity}"
            );
        }
        assert_eq!(capacity, 100_000);
        assert!(allocated < 50, "{allocated}");
    }

    #[tokio::test]
    async fn a_large_body_is_read_beside_the_threads_of_the_runtime_and_a_small_one_at_once() {
        let own = thread::current().id();
        for (length, is_at_once) in [(0, true), (READ_AT_ONCE, true), (READ_AT_ONCE + 1, false)] {
            let body = JsonBody {
                bytes: vec![b' '; length].into(),
                share: None,
            };
            let read = |bytes: &[u8]| Ok::<_, Refusal>((bytes.len(), thread::current().id()));
            let (body, (read, thread)) = body.read(read).await.unwrap();
            assert_eq!((body.bytes.len(), read), (length, length));
            assert_eq!(thread == own, is_at_once, "{length}");
        }
    }
}
