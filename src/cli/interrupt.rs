//! The signals on which a command ends: those that hold boxes remove them first.

use std::process::ExitCode;

use tokio::signal::unix::{SignalKind, signal};

/// Waits for Ctrl-C, a closed terminal or a request to end.
pub async fn wanted() {
    let on = |kind| signal(kind).ok();
    let signals = (
        on(SignalKind::interrupt()),
        on(SignalKind::terminate()),
        on(SignalKind::hangup()),
    );
    let (Some(mut interrupt), Some(mut terminate), Some(mut hangup)) = signals else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
}

/// What a shell shows for a program that Ctrl-C ended.
pub fn exit_code() -> ExitCode {
    ExitCode::from(130)
}
