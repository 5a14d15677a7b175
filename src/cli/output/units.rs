//! Sizes and times as people read them.

/// A size for people, such as `9.1 MiB`.
#[expect(clippy::cast_precision_loss, reason = "one digit behind the point is shown")]
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{:.1} KiB", bytes as f64 / 1024.0),
        _ => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
    }
}

/// A time for people, such as `0.080 s`.
#[expect(clippy::cast_precision_loss, reason = "milliseconds are shown")]
pub fn seconds(ms: u64) -> String {
    format!("{:.3} s", ms as f64 / 1000.0)
}

/// A time for people who want to know its order: `25 s`, `10 min`, `3 h`, `2 d`.
pub(in crate::cli) fn roughly(seconds: f64) -> String {
    match seconds {
        ..99.5 => format!("{seconds:.0} s"),
        ..5_970.0 => format!("{:.0} min", seconds / 60.0),
        ..171_000.0 => format!("{:.0} h", seconds / 3_600.0),
        _ => format!("{:.0} d", seconds / 86_400.0),
    }
}

/// So many, such as `1 package` and `2 packages`.
pub(in crate::cli) fn counted(count: usize, what: &str) -> String {
    if count == 1 {
        format!("1 {what}")
    } else {
        format!("{count} {what}s")
    }
}

/// Reads a number of seconds, for an argument of a command.
pub(in crate::cli) fn milliseconds(argument: &str) -> Result<u64, String> {
    const WEEK: f64 = 7.0 * 24.0 * 3600.0;
    let seconds: f64 = argument.parse().map_err(|_no_number| "expected a number of seconds")?;
    if !(0.001..=WEEK).contains(&seconds) {
        return Err("expected between 0.001 and 604800 seconds".to_owned());
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most a week, and positive"
    )]
    Ok((seconds * 1000.0).ceil() as u64)
}
