//! A real Chromium, which looks at the page. A host that has none skips these tests, and fails them under CI.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use crate::skipped::skipped;

const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/common/page");

/// Where Debian and others put it.
const PLACES: [&str; 4] = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/snap/bin/chromium",
];

/// Goes through one case of `page.py`; whether there is a browser for it.
pub(crate) async fn browse(case: &str, address: &str, token: &str) -> bool {
    let Some(chromium) = chromium() else { return false };
    let python = tokio::task::spawn_blocking(python).await.unwrap();
    let mut browsing = Command::new(python);
    browsing
        .arg(format!("{FILES}/page.py"))
        .args([case, &format!("http://{address}"), token, chromium])
        // Pictures for people, such as target/pictures.
        .args(std::env::var_os("ASSIZE_PICTURES"))
        .env("NO_PROXY", "*");
    let output = tokio::task::spawn_blocking(move || browsing.output().unwrap())
        .await
        .unwrap();
    assert!(output.status.success(), "{case}: {}", text(&output));
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("passed"),
        "{}",
        text(&output)
    );
    true
}

fn chromium() -> Option<&'static str> {
    let found = PLACES.into_iter().find(|place| Path::new(place).exists());
    if found.is_none() {
        skipped("there is no Chromium; Debian has it in the package chromium");
    }
    found
}

/// An interpreter that drives browsers, in the version that is pinned. It is fetched once, from PyPI.
fn python() -> PathBuf {
    static READY: OnceLock<PathBuf> = OnceLock::new();
    let ready = READY.get_or_init(|| {
        let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("browser-{}", env!("CARGO_CRATE_NAME")));
        let requirements = format!("{FILES}/requirements.txt");
        let wanted = fs::read_to_string(&requirements).unwrap();
        let (python, installed) = (venv.join("bin/python"), venv.join("installed.txt"));
        if fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
            return python;
        }
        if venv.exists() {
            fs::remove_dir_all(&venv).unwrap();
        }
        let mut make = Command::new("/usr/bin/python3");
        make.args(["-m", "venv"]).arg(&venv);
        succeed(
            make,
            "a virtual environment cannot be made; Debian has it in python3-venv",
        );
        let mut install = Command::new(&python);
        install
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args([
                "--only-binary",
                ":all:",
                "--require-hashes",
                "--requirement",
                &requirements,
            ]);
        succeed(install, "playwright cannot be installed; these tests need PyPI once");
        fs::write(&installed, wanted).unwrap();
        python
    });
    ready.clone()
}

fn succeed(mut command: Command, otherwise: &str) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{otherwise}: {}", text(&output));
}

fn text(output: &Output) -> String {
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    format!("{}\n{stdout}\n{stderr}", output.status)
}
