//! Real programs in real boxes. The images must be there: `make images` builds them.

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

mod asserts;
mod bad_input;
mod calls;
#[path = "../common/cheapest_wall.rs"]
mod cheapest_wall;
mod cheats;
#[path = "../common/containers.rs"]
mod containers;
mod docker_proxy;
mod docker_proxy_image;
mod docker_proxy_workers;
mod doctor;
mod eval_command;
mod findings;
mod hardening;
mod human_eval;
#[path = "../common/jailer.rs"]
mod jailer;
mod judge;
mod judge_command;
#[path = "../common/judging.rs"]
mod judging;
mod methods_of_solution;
mod pool;
mod run_command;
#[path = "../common/runs_everything.rs"]
mod runs_everything;
mod second_filter;
mod short_form;
#[path = "../common/skipped.rs"]
mod skipped;
mod skipped_units;
#[path = "../common/small_box.rs"]
mod small_box;
mod starvation;
mod units;
mod units_memory;
mod units_not_strict;
mod values;
mod verdicts;
#[path = "../common/waiting.rs"]
mod waiting;
#[path = "../common/whole_run.rs"]
mod whole_run;
mod wrong_asserts;
mod zygote;
