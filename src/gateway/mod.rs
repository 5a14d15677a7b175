//! The HTTP service: submissions in, answers out, for sites that do not speak AMQP.
//!
//! ```text
//! serve
//!  |- a task per connection, bounded in number; slow clients are cut off
//!  |- each request: its site (token), how often it asks (quota), what it asks (contract), what it may hand in (quotas), then
//!  |  the engine
//!  |- the engine: takes submissions and has their answers
//!  `- on stop: answers that are under way, then what clients have left behind (`background`), each for a while
//! ```
//!
//! What judges is not known here: it is an [`Engine`]. Clients of other services are understood in `dialect`, which
//! translates to the same submissions; people are shown pages in `page`.

mod api;
mod background;
mod body;
mod callbacks;
mod dialect;
mod engine;
mod entry;
mod handlers;
mod key_secret;
mod openapi;
mod page;
mod refusal;
mod routes;
mod server;
mod sites;

pub use api::{Api, ApiOptions};
pub use callbacks::callback_body;
pub use engine::{
    Catalog, Engine, EngineError, FoundTestSet, Order, PackageSender, Rejudge, TestSets, UploadedTestSet, Urgency,
};
pub use entry::{Entry, Outcome, Snapshot};
pub use key_secret::KeySecret;
pub use openapi::openapi;
pub use page::records::{Cursor, Fleet, Kept, KeptAction, KeptLine, QueueFigure, Recorded, Records};
pub use server::{GatewayError, Server};
pub(crate) use sites::per_site::{SiteCounts, UnderWay};
pub use sites::reserved::Place;
pub use sites::token_file::{NewToken, Scope, TokenFileError, TokenRecord, new_token, read_quota, read_tokens, revoke};
