//! The body of an answer on its way to a client, and whose turn it is.
//!
//! While the daemon is waited for, the connection is not silent. When the client is to read, it is silent until it does:
//! one that takes its answer piece by piece is never the one that has been silent for longest.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::body::{Body, Frame, Incoming, SizeHint};

use crate::connections::Connection;

/// A body that says of its connection whether it is silent.
#[derive(Debug)]
pub(crate) struct AnswerBody {
    pub(crate) body: Either<Full<Bytes>, Incoming>,
    /// None for a connection that carries streams.
    pub(crate) connection: Option<Arc<Connection>>,
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.body).poll_frame(cx);
        if let Some(connection) = &this.connection {
            match polled {
                Poll::Pending => connection.is_busy(),
                Poll::Ready(_) => connection.is_silent(),
            }
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
