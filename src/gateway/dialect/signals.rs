//! Numbers of signals, for services that do not name them.

/// Signals that end programs, with their numbers on Linux (`signal(7)`).
const SIGNALS: [(&str, i32); 21] = [
    ("SIGHUP", 1),
    ("SIGINT", 2),
    ("SIGQUIT", 3),
    ("SIGILL", 4),
    ("SIGTRAP", 5),
    ("SIGABRT", 6),
    ("SIGBUS", 7),
    ("SIGFPE", 8),
    ("SIGKILL", 9),
    ("SIGUSR1", 10),
    ("SIGSEGV", 11),
    ("SIGUSR2", 12),
    ("SIGPIPE", 13),
    ("SIGALRM", 14),
    ("SIGTERM", 15),
    ("SIGSTKFLT", 16),
    ("SIGXCPU", 24),
    ("SIGXFSZ", 25),
    ("SIGVTALRM", 26),
    ("SIGPROF", 27),
    ("SIGSYS", 31),
];

/// The number of a signal that is named.
pub(super) fn number_of(name: &str) -> Option<i32> {
    SIGNALS
        .iter()
        .find(|(known, _number)| *known == name)
        .map(|(_name, number)| *number)
}
