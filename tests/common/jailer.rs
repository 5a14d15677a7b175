//! A jailer of this tree, for tests of boxes by nsjail. It is served by the test's own process, which has to be root.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use assize_jailer::{Jailer, Settings};

use crate::skipped::skipped;

/// What `docker/test.sh` installs.
const INSTALLED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/jail");

/// Tests of this tree run one after the other; the one before may still be ending.
const PATIENCE: Duration = Duration::from_secs(60);

/// The socket of a jailer, or `None` where there can be none: that is said, and no test passes so under CI.
pub(crate) fn jailer() -> Option<&'static Path> {
    static SOCKET: OnceLock<Option<PathBuf>> = OnceLock::new();
    SOCKET
        .get_or_init(|| match missing() {
            None => Some(start()),
            Some(missing) => {
                skipped(&missing);
                None
            }
        })
        .as_deref()
}

/// What stands in the way.
pub(crate) fn missing() -> Option<String> {
    if !rustix::process::geteuid().is_root() {
        return Some("boxes by nsjail need a jailer, which has to be root".to_owned());
    }
    let needed = [
        "nsjail/bin/nsjail",
        "roots/python3",
        "roots/pypy3",
        "roots/toolchain",
        "roots/pytest",
    ];
    let lost = needed
        .into_iter()
        .find(|name| !Path::new(INSTALLED).join(name).exists());
    lost.map(|name| {
        format!("there is no {INSTALLED}/{name}; run docker/nsjail.sh {INSTALLED}/nsjail and docker/roots.sh {INSTALLED}/roots")
    })
}

/// Settings of a jailer whose socket and whose control group are its own.
pub(crate) fn settings(name: &str) -> Settings {
    let directory = std::env::temp_dir().join(format!("assize-{name}-{}", std::process::id()));
    fs::create_dir_all(&directory).unwrap();
    // One group per checkout, so that what a killed test leaves is swept by the next one.
    let checkout: u64 = env!("CARGO_MANIFEST_DIR")
        .bytes()
        .fold(5381, |sum, byte| sum.wrapping_mul(33).wrapping_add(u64::from(byte)));
    let own = [
        ("LISTEN", directory.join("jailer.sock").display().to_string()),
        ("NSJAIL", format!("{INSTALLED}/nsjail/bin/nsjail")),
        ("ROOTS", format!("{INSTALLED}/roots")),
        ("GROUP", format!("assize-test-{checkout:x}-{name}")),
        ("LEAVE_OUT", "seccomp,read_only_root".to_owned()),
    ];
    let own = own.map(|(key, value)| (format!("ASSIZE_JAILER_{key}"), value));
    Settings::load(None, own).unwrap()
}

fn start() -> PathBuf {
    let settings = settings("common");
    let socket = settings.listen.clone();
    let end = Instant::now() + PATIENCE;
    let jailer = loop {
        match Jailer::start(settings.clone()) {
            Ok(jailer) => break jailer,
            Err(error) if Instant::now() >= end => panic!("{error}"),
            Err(_another_test) => thread::park_timeout(Duration::from_millis(100)),
        }
    };
    thread::spawn(move || jailer.serve());
    socket
}
