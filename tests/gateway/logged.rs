//! Every line that services of this process log, held against what must stand in none: tokens, cookies and secrets.

use std::io::{self, Write};
use std::sync::{Mutex, Once};

use tracing_subscriber::filter::LevelFilter;

static SECRETS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Lines that hold a secret.
static LEAKED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// From now on, a line with this text is a fault.
pub(crate) fn keep_out(secret: &str) {
    assert!(secret.len() > 8, "{secret:?} may stand in a line by chance");
    begin();
    SECRETS.lock().unwrap().push(secret.to_owned());
}

/// Begins to look at lines of every level.
pub(crate) fn begin() {
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| {
        tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_ansi(false)
            .with_writer(|| Watch)
            .init();
    });
}

/// No line so far holds a secret.
pub(crate) fn check() {
    let leaked = LEAKED.lock().unwrap();
    assert!(leaked.is_empty(), "secrets are in the log: {leaked:#?}");
}

/// Where lines go.
struct Watch;

impl Write for Watch {
    /// A line comes as a whole.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        if SECRETS.lock().unwrap().iter().any(|secret| text.contains(secret)) {
            LEAKED.lock().unwrap().push(text.into_owned());
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_line_with_a_secret_is_noticed_at_every_level() {
    let secret = "a-secret-of-this-test-alone";
    keep_out(secret);
    tracing::trace!(of = "a test", "{secret} is told");
    let mut leaked = LEAKED.lock().unwrap();
    let before = leaked.len();
    leaked.retain(|line| !line.contains(secret));
    assert_eq!(before - leaked.len(), 1);
}
