//! Programs in Python that others wrote, in the versions that are pinned.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;

/// The interpreter of Debian.
const PYTHON: &str = "/usr/bin/python3";

/// One environment is made at a time.
static MAKING: Mutex<()> = Mutex::new(());

/// An interpreter that has what these files of requirements name. It is fetched once, from PyPI.
pub(crate) fn python_with(name: &str, requirements: &[&str]) -> PathBuf {
    let _alone = MAKING.lock().unwrap();
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let wanted: String = requirements
        .iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    let python = venv.join("bin/python");
    let installed = venv.join("installed.txt");
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return python;
    }
    if venv.exists() {
        fs::remove_dir_all(&venv).unwrap();
    }
    succeed(
        Command::new(PYTHON).args(["-m", "venv"]).arg(&venv),
        "a virtual environment cannot be made; Debian has it in python3-venv",
    );
    succeed(
        Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(["--only-binary", ":all:", "--require-hashes"])
            .args(requirements.iter().flat_map(|file| ["--requirement", file])),
        "the packages cannot be installed; this test needs PyPI once",
    );
    fs::write(&installed, wanted).unwrap();
    python
}

fn succeed(command: &mut Command, otherwise: &str) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{otherwise}: {}", text(&output));
}

/// How a program ended, and what it said.
pub(crate) fn text(output: &Output) -> String {
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    format!("{}\n{stdout}\n{stderr}", output.status)
}
