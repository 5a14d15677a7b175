//! PID 1 of a box: runs one program at a time and reports facts.
//!
//! # Theory of operation
//!
//! One thread, one `poll(2)`. Commands come in on descriptor 0 and reports go out on descriptor 1, neither of which a
//! judged program ever holds. Nothing here blocks on the worker or on the program: data moves within the windows of the
//! protocol, so memory is bounded and a command is always read.
//!
//! ```text
//! [take streams] -> harden -> hello -> serve --+-- inbox: commands        --> files, spawn
//!                                            +-- zygote: forks programs  --> spawn
//!                                            +-- running: pipes, limits --> reap, meter
//!                                            +-- outbox: reports
//! ```
//!
//! A program ends when its main process does. Everything else in the box is killed then and reaped, what is left in the
//! pipes is read, and only then is the end reported. What is reported comes from the kernel: `wait4(2)`, the clocks and
//! the control group. The runner decides no verdict.

#![expect(
    clippy::disallowed_methods,
    reason = "there is no runtime here, and the image is trusted"
)]

mod environment;
mod files;
mod harden;
mod limits;
mod meters;
mod processes;
mod running;
mod session;
mod stop;
mod streams;
mod usage;

use std::process::ExitCode;

use stop::Stop;

/// `EX_SOFTWARE` of `sysexits.h`.
const FAILED: u8 = 70;

fn main() -> ExitCode {
    let mut writable = std::env::args().skip(1).collect();
    if let Err(error) = streams::socket::take_streams(&mut writable) {
        eprintln!("cannot take the streams of this box: {error}");
        return ExitCode::from(FAILED);
    }
    match session::serve(writable) {
        Stop::HungUp => ExitCode::SUCCESS,
        Stop::Fault(fault) => {
            eprintln!("{:?}: {}", fault.stage, fault.message);
            ExitCode::from(FAILED)
        }
    }
}
