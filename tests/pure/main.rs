//! Everything that can be shown with nothing but this tree: no Docker Engine, no broker, no database.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests start programs and read what they write"
)]

#[path = "../common/history.rs"]
mod history;
#[path = "../common/history_checker.rs"]
mod history_checker;
#[path = "../common/monitored.rs"]
mod monitored;
#[path = "../common/small_box.rs"]
mod small_box;

mod architecture;
mod cheats;
mod circles;
mod command_line;
mod contract;
mod default_validator;
mod dependencies;
mod deployment;
mod documents;
mod evaluation;
mod evaluation_files;
mod hijacked_copies;
mod hijacked_pipes;
mod hijacked_runner;
mod histories;
mod host_of_a_box;
mod lengths;
mod linked;
mod migrations;
mod monitoring;
mod nsjail_policy;
mod older_jailer;
mod passed_on;
mod paths;
mod problem_packages;
mod problem_store;
mod reports;
mod scripts;
mod seccomp_profile;
mod settings;
mod standard_input;
mod test_programs;
mod unfit_daemon;
mod zygote;
