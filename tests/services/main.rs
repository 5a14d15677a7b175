//! The service between a real RabbitMQ, a real PostgreSQL and a real Docker Engine. The images must be there:
//! `make images` builds them.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests start programs and read what they write"
)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

#[path = "../common/browser.rs"]
mod browser;
#[path = "../common/callback_listener.rs"]
mod callback_listener;
#[path = "../common/cheapest_wall.rs"]
mod cheapest_wall;
#[path = "../common/collector.rs"]
mod collector;
#[path = "../common/history.rs"]
mod history;
#[path = "../common/history_checker.rs"]
mod history_checker;
#[path = "../common/jail_boxes.rs"]
mod jail_boxes;
#[path = "../common/jailer.rs"]
mod jailer;
#[path = "../common/monitored.rs"]
mod monitored;
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
#[path = "../common/wall_settings.rs"]
mod wall_settings;
#[path = "../common/whole_run.rs"]
mod whole_run;

mod account;
mod backup;
mod bad_messages;
mod before_workers;
mod bench;
mod blame;
mod broker_faults;
mod bulk_queue;
mod callback_shares;
mod callbacks;
mod cancelling;
mod chaos;
mod cluster;
mod cpus;
mod crowds;
mod daemon_faults;
mod database_access;
mod dead_letters;
mod demo;
mod dialects;
mod dockerd;
mod evaluation;
mod faults;
mod flow;
mod forgetting;
mod gateway;
mod gone_clients;
mod health;
mod http;
mod http_soak;
mod http_soak_account;
mod http_soak_clients;
mod judge0_callbacks;
mod later_versions;
mod leases;
mod listing;
mod many_cancelled;
mod migrations;
mod monitoring;
mod own;
mod page;
mod prefetch;
mod problem_rejudging;
mod problem_uploads;
mod programs;
mod property_requests;
mod proxy;
mod quotas;
mod races;
mod raw;
mod refused_storage;
mod rejections;
mod rejudging;
mod requeued;
mod retention;
mod runs;
mod runs_kept;
mod secrets;
mod security_events;
mod sent_again;
mod services;
mod several_hosts;
mod sick_host;
mod site;
mod soak;
mod soak_report;
#[cfg(feature = "failpoints")]
mod stages;
mod stages_told;
mod statements;
mod status;
mod streams;
mod submit_client;
mod taken_ids;
mod test_sets;
mod tls;
mod traces;
mod unanswered_callbacks;
mod undeclaring;
mod unheard;
mod unknown_problems;
mod worker;
mod wrong_tests;
