//! Callbacks: an answer is sent to the address that came with its submission, as the Standard Webhooks specification has it.
//!
//! An address is given by a client, so it may be one that only this host can reach: it is looked up once, and only what is
//! public, or allowed by the settings, is connected to. Redirects are not followed. It knows neither queue nor database.

mod address;
mod error;
mod pauses;
mod resolver;
mod sender;
mod signature;

pub use address::AllowedAddresses;
pub use error::{AddressError, SendError, WebhookError};
pub use pauses::{MOST_TRIES, pause_after};
pub use sender::{Callback, CallbackMethod, Sent, Webhooks};
pub use signature::{CallbackKey, SiteSecret};
