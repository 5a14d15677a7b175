//! Programs that hold rights link little, and all of it is listed here.

use std::collections::BTreeSet;
use std::process::Command;

const PROXY_TREE: [&str; 56] = [
    "assize-docker-box",
    "assize-docker-proxy",
    "assize-docker-streams",
    "atomic-waker",
    "bollard-stubs",
    "bytes",
    "cfg-if",
    "errno",
    "form_urlencoded",
    "futures-core",
    "http",
    "http-body",
    "http-body-util",
    "httparse",
    "httpdate",
    "humantime",
    "hyper",
    "hyper-util",
    "itoa",
    "lazy_static",
    "libc",
    "memchr",
    "mio",
    "once_cell",
    "percent-encoding",
    "pin-project-lite",
    "proc-macro2",
    "quote",
    "serde",
    "serde_core",
    "serde_derive",
    "serde_json",
    "serde_repr",
    "serde_spanned",
    "sharded-slab",
    "signal-hook-registry",
    "smallvec",
    "socket2",
    "syn",
    "thiserror",
    "thiserror-impl",
    "thread_local",
    "tokio",
    "tokio-macros",
    "toml",
    "toml_datetime",
    "toml_parser",
    "tracing",
    "tracing-core",
    "tracing-subscriber",
    "try-lock",
    "unicode-ident",
    "uuid",
    "want",
    "winnow",
    "zmij",
];

const RUNNER_TREE: [&str; 23] = [
    "assize-child",
    "assize-protocol",
    "assize-runner",
    "bitflags",
    "cobs",
    "itoa",
    "libc",
    "linux-raw-sys",
    "memchr",
    "postcard",
    "proc-macro2",
    "quote",
    "rustix",
    "seccompiler",
    "serde",
    "serde_core",
    "serde_derive",
    "serde_json",
    "syn",
    "thiserror",
    "thiserror-impl",
    "unicode-ident",
    "zmij",
];

const JAILER_TREE: [&str; 20] = [
    "assize-control-groups",
    "assize-jailer",
    "assize-jailer-protocol",
    "assize-seccomp",
    "bitflags",
    "itoa",
    "linux-raw-sys",
    "memchr",
    "proc-macro2",
    "quote",
    "rustix",
    "serde",
    "serde_core",
    "serde_derive",
    "serde_json",
    "syn",
    "thiserror",
    "thiserror-impl",
    "unicode-ident",
    "zmij",
];

const GUEST_TREE: [&str; 18] = [
    "assize-guest",
    "assize-guest-protocol",
    "bitflags",
    "cobs",
    "libc",
    "linux-raw-sys",
    "postcard",
    "proc-macro2",
    "quote",
    "rustix",
    "serde",
    "serde_core",
    "serde_derive",
    "socket2",
    "syn",
    "thiserror",
    "thiserror-impl",
    "unicode-ident",
];

/// What holds rights links little: these programs with everything that they link, as names of crates.
const TREES: [(&str, &[&str]); 4] = [
    ("assize-docker-proxy", &PROXY_TREE),
    ("assize-guest", &GUEST_TREE),
    ("assize-jailer", &JAILER_TREE),
    ("assize-runner", &RUNNER_TREE),
];

#[test]
fn what_holds_rights_links_nothing_but_what_is_listed() {
    for (package, listed) in TREES {
        let output = Command::new(env!("CARGO"))
            .args([
                "tree",
                "--locked",
                "--offline",
                "-e",
                "normal",
                "--prefix",
                "none",
                "--format",
                "{p}",
                "-p",
                package,
            ])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let tree = String::from_utf8(output.stdout).unwrap();
        let linked: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
        let listed: BTreeSet<&str> = listed.iter().copied().collect();
        assert_eq!(linked, listed, "{package}");
    }
}
