//! The HTTP service with a judge in the same process. Its boxes are plain processes, since the cases are about HTTP; they
//! need nothing but Python on this host.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests start programs and read what they write"
)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../common/browser.rs"]
mod browser;
#[path = "../common/callback_listener.rs"]
mod callback_listener;
#[path = "../common/plain_processes.rs"]
mod plain_processes;
#[path = "../common/property_requests.rs"]
mod property_requests_asked;
#[path = "../common/published_clients.rs"]
mod published_clients;
#[path = "../common/python_environment.rs"]
mod python_environment;
#[path = "../common/runs_everything.rs"]
mod runs_everything;
#[path = "../common/skipped.rs"]
mod skipped;
#[path = "../common/waiting.rs"]
mod waiting;

mod bad_requests;
mod callbacks;
mod client;
mod dialect_clients;
mod dialect_mistakes;
mod dialects;
mod document;
mod evaluation;
mod events;
mod listing;
mod logged;
mod page;
mod problem_uploads;
mod property_requests;
mod quotas;
mod readiness;
mod runs;
mod sent_again;
mod service;
mod site_shares;
mod slow_clients;
mod submissions;
mod test_sets;
mod token_files;
mod tokens;
