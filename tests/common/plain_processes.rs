//! Settings of a judge whose boxes are plain processes of this host.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use assize::config::{self, Settings, Startup};
use uuid::Uuid;

pub(crate) const PYTHON: &str = "/usr/bin/python3";

/// The settings, with a name that no other judge has.
pub(crate) fn settings_of(backend: &str) -> Settings {
    let mut settings = config::load(None).unwrap();
    backend.clone_into(&mut settings.sandbox.backend);
    settings.worker.id = format!("{}-{backend}-{}", settings.worker.id, Uuid::new_v4().simple());
    settings.sandbox.process.environments = ["python3", "pypy3", "toolchain", "pytest"].map(str::to_owned).to_vec();
    if backend == "process" {
        settings.sandbox.process.runner = runner();
        let name = settings.judge.default_language.clone();
        let python = settings.languages.get_mut(&name).unwrap();
        // This host has neither the zygote nor the check at their places in the image.
        python.startup = Startup::Exec;
        let check = concat!(env!("CARGO_MANIFEST_DIR"), "/docker/python3/compile_check.py");
        python.compile = [PYTHON, "-I", check, "{sources}"].map(str::to_owned).to_vec();
    }
    settings
}

/// The runner of this tree. Cargo builds it for its own tests only.
fn runner() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--package", "assize-runner"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status()
            .unwrap();
        assert!(built.success(), "the runner does not build");
        let program = PathBuf::from(env!("CARGO_BIN_EXE_assize"));
        program.with_file_name("assize-runner")
    });
    built.clone()
}
