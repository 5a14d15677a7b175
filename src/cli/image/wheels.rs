//! Wheels, which pip chooses on the host: only it knows the user's package index, proxy and certificates. pip runs no code
//! of what it downloads as long as that is no source code, which an option of it excludes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, anyhow};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt as _;

use crate::cli::Failure;
use crate::cli::image::base::Base;
use crate::libraries::{Requirement, Requirements};

const GATHER: &str = include_str!("gather.py");
const INSTALL: &str = include_str!("install.py");
const DOCKERFILE: &str = include_str!("Dockerfile");

/// Exit code of the program when there are no such wheels.
const REFUSED: i32 = 2;

/// A wheel.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Wheel {
    /// Name of its library.
    pub(super) name: String,
    /// Version of its library.
    pub(super) version: String,
    /// Name of the file.
    pub(super) file: String,
    /// Digest of the file, in hexadecimal.
    pub(super) sha256: String,
}

/// A library that is asked for, as it was understood: what was written is not read twice, by two readers.
#[derive(Serialize)]
struct Wanted<'a> {
    library: String,
    condition: Option<&'a str>,
    hashes: &'a [String],
}

/// The request to the program on the host.
#[derive(Serialize)]
struct Request<'a> {
    requirements: Vec<Wanted<'a>>,
    is_lock: bool,
    wheels: Option<&'a Path>,
    context: &'a Path,
    files: BTreeMap<&'a str, String>,
    base: BTreeMap<String, String>,
    libc: Option<&'a str>,
    markers: &'a BTreeMap<String, String>,
}

/// Which wheels are looked for, and where.
#[derive(Debug)]
pub(super) struct Search<'a> {
    pub(super) requirements: &'a Requirements,
    /// Where they are; else the package index that pip is set up for.
    pub(super) directory: Option<&'a Path>,
    pub(super) base: &'a Base,
    /// The interpreter in the image.
    pub(super) python: &'a str,
}

impl<'a> Wanted<'a> {
    fn of(wanted: &'a Requirement) -> Self {
        Self {
            library: wanted.exact(),
            condition: wanted.condition.as_deref(),
            hashes: &wanted.hashes,
        }
    }
}

impl Search<'_> {
    /// Puts wheels for the requirements, and all that they need and the image does not have, into the context of a build.
    pub(super) async fn gather(&self, context: &Path) -> Result<Vec<Wheel>, Failure> {
        let directory = self.directory.map(directory).transpose()?;
        let names: String = self
            .requirements
            .iter()
            .map(|wanted| format!(", \"{}\"", wanted.name))
            .collect();
        let dockerfile = DOCKERFILE
            .replace("@PYTHON@", self.python)
            .replace("@DIRECTORY@", &self.base.directory)
            .replace("@NAMES@", &names);
        let libraries = self.base.libraries().into_iter();
        let request = Request {
            requirements: self.requirements.iter().map(Wanted::of).collect(),
            is_lock: self.requirements.is_lock(),
            wheels: directory.as_deref(),
            context,
            files: BTreeMap::from([("Dockerfile", dockerfile), ("install.py", INSTALL.to_owned())]),
            base: libraries
                .map(|library| (library.name.to_string(), library.version.to_string()))
                .collect(),
            libc: self.base.libc.as_deref(),
            markers: &self.base.markers,
        };
        let request = serde_json::to_vec(&request).map_err(Failure::ours)?;
        self.answer(&request).await
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "what the program on the host prints is no message of the contract"
    )]
    async fn answer(&self, request: &[u8]) -> Result<Vec<Wheel>, Failure> {
        let minor = self.base.markers.get("python_version").map_or("3", String::as_str);
        let host = host_python(minor).await?;
        let (code, stdout, stderr) = run(&host, &["-I", "-c", GATHER], request).await?;
        match code {
            Some(0) => serde_json::from_slice(&stdout)
                .context("pip was asked, and the answer cannot be read")
                .map_err(Failure::Ours),
            Some(REFUSED) => Err(self.no_wheels(&stderr)),
            _ => Err(Failure::Ours(anyhow!("looking for wheels failed: {stderr}"))),
        }
    }

    /// What an image is made by, beside its wheels.
    pub(super) fn recipe() -> String {
        format!("{DOCKERFILE}{INSTALL}")
    }

    fn no_wheels(&self, reason: &str) -> Failure {
        let python = &self.base.python;
        let machine = self.base.markers.get("platform_machine").map_or("", String::as_str);
        let place = match self.directory {
            Some(directory) => format!("in {}", directory.display()),
            None => "at the package index of pip".to_owned(),
        };
        Failure::Usage(anyhow!(
            "there are no wheels {place} for Python {python} on {machine}: {}; correct the requirements, or make wheels of \
             what is there as source code only with `pip wheel`, and give their directory with --wheels",
            reason.trim()
        ))
    }
}

fn directory(path: &Path) -> Result<PathBuf, Failure> {
    let absolute = std::fs::canonicalize(path)
        .with_context(|| format!("cannot read the directory {} of --wheels", path.display()));
    let absolute = absolute.map_err(Failure::Usage)?;
    match absolute.is_dir() {
        true => Ok(absolute),
        false => Err(Failure::Usage(anyhow!(
            "{} of --wheels is no directory; name the one with the wheels",
            path.display()
        ))),
    }
}

/// The Python of the host that has pip: one of the same version if there is one, which knows best which wheels fit.
async fn host_python(minor: &str) -> Result<String, Failure> {
    let same = format!("python{minor}");
    for program in [same.as_str(), "python3"] {
        if let Ok((Some(0), _, _)) = run(program, &["-I", "-m", "pip", "--version"], b"").await {
            return Ok(program.to_owned());
        }
    }
    Err(Failure::Usage(anyhow!(
        "pip is needed to choose wheels, and neither {same} nor python3 of this machine has it; install it: \
         apt-get install python3-pip"
    )))
}

/// Exit code and outputs.
#[expect(
    clippy::disallowed_types,
    reason = "pip runs on the host, before there is anything to be walled in"
)]
async fn run(program: &str, arguments: &[&str], input: &[u8]) -> Result<(Option<i32>, Vec<u8>, String), Failure> {
    let cannot = || format!("cannot run {program}");
    let mut child = tokio::process::Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .with_context(cannot)
        .map_err(Failure::Ours)?;
    if let Some(mut stdin) = child.stdin.take()
        && let Err(error) = stdin.write_all(input).await
    {
        // A program that does not read has ended, and its exit code gives the reason.
        tracing::debug!(%error, program, "a program did not read its input");
    }
    let output = child
        .wait_with_output()
        .await
        .with_context(cannot)
        .map_err(Failure::Ours)?;
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    Ok((output.status.code(), output.stdout, stderr))
}
