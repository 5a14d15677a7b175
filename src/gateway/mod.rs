//! The HTTP service: submissions in, answers out, for sites that do not speak AMQP.
//!
//! ```text
//! serve
//!  |- a task per connection, bounded in number; slow clients are cut off
//!  |- each request: who asks (tokens), how often (quota), what (contract), then the engine
//!  `- the engine: what takes submissions and knows their answers
//! ```
//!
//! What judges is not known here: it is an [`Engine`]. Clients of other services are understood in `dialect`, which
//! translates to the same submissions; people are shown pages in `page`.

mod api;
mod body;
mod body_memory;
mod callbacks;
mod cancel_on_drop;
mod catalog;
mod client_timeout;
mod dialect;
mod engine;
mod entry;
mod events;
mod listing;
mod observed;
mod openapi;
mod openapi_examples;
mod page;
mod per_site;
mod quota;
mod random_text;
mod refusal;
mod rejudge;
mod route_list;
mod routes;
mod runs;
mod server;
mod submissions;
mod test_sets;
mod token_file;
mod tokens;
mod upload;
mod uploads;

pub use api::{Api, ApiOptions};
pub use callbacks::callback_body;
pub use engine::{
    Catalog, Engine, EngineError, FoundTestSet, Order, PackageSender, Rejudge, TestSets, UploadedTestSet, Urgency,
};
pub use entry::{Entry, Outcome, Snapshot};
pub use openapi::openapi;
pub use page::records::{Cursor, DeadLetterAction, DeadLetterLine, Fleet, QueueFigure, Recorded, Records};
pub use server::{GatewayError, Server};
pub use token_file::{NewToken, Scope, TokenFileError, TokenRecord, new_token, read_tokens, revoke};
