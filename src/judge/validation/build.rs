//! Output validators become something that can be started in a box.
//!
//! C and C++ sources and `build` scripts are built once, in a box of the toolchain image, and kept by the hash of
//! everything that goes into them: in memory, and on disk where there is a place for it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use sha2::{Digest as _, Sha256};
use tokio::sync::{OnceCell, mpsc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::config::Settings;
use crate::contract::Limits;
use crate::judge::JudgeError;
use crate::judge::boxes::{BoxFile, BoxPlan, Boxes, JudgeContext};
use crate::judge::run::request::run_limits;
use crate::judge::verdict::signal_name;
use crate::problem::{ValidatorLanguage, ValidatorProgram};
use crate::sandbox::{
    BoxRole, BoxSpec, Ended, Input, PostMortem, Program, RunFacts, RunRequest, RunStreams, SlotPlacement,
};

/// Environment of compilers and of validators.
const ENVIRONMENT: [&str; 4] = [
    "PATH=/usr/local/bin:/usr/bin:/bin",
    "HOME=/nonexistent",
    "LANG=C.UTF-8",
    "PYTHONDONTWRITEBYTECODE=1",
];

/// Directory of the validator's files in its box.
const HOME: &str = "validator";

/// What a build leaves, below the work directory.
const BUILT: &str = "/tmp/built";

/// A validator that can be started.
#[derive(Debug, Clone)]
pub(in crate::judge) struct BuiltValidator {
    /// Environment that its box asks for.
    pub(in crate::judge) environment_name: String,
    pub(in crate::judge) files: Vec<BoxFile>,
    /// The command, to which the arguments of the format are added.
    pub(in crate::judge) command: Vec<String>,
    pub(in crate::judge) environment: Vec<String>,
    /// Whether its files have to be executable.
    pub(in crate::judge) executable: bool,
}

/// Validators that were built, by hash. Concurrent users of one wait for the same build.
#[derive(Debug, Default)]
pub(in crate::judge) struct BuiltValidators {
    known: Mutex<HashMap<String, Arc<OnceCell<BuiltValidator>>>>,
}

impl BuiltValidators {
    pub(in crate::judge) async fn get(
        &self,
        program: &ValidatorProgram,
        context: JudgeContext<'_>,
    ) -> Result<BuiltValidator, JudgeError> {
        let files = read_files(program).await?;
        let hash = hash_of(program, &files);
        let cell = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry(hash.clone()).or_default())
        };
        let build = async { make(program, files, &hash, context).await };
        cell.get_or_try_init(|| build).await.cloned()
    }
}

async fn make(
    program: &ValidatorProgram,
    files: Vec<BoxFile>,
    hash: &str,
    context: JudgeContext<'_>,
) -> Result<BuiltValidator, JudgeError> {
    let settings = context.settings;
    let environment = ENVIRONMENT.map(str::to_owned).to_vec();
    let validators = &settings.validators;
    let (environment_name, toolchain) = (validators.environment.clone(), validators.toolchain.clone());
    let builder = Builder {
        program,
        files: &files,
        hash,
        context,
    };
    match &program.language {
        ValidatorLanguage::Python(entry) => {
            let command = vec!["/usr/bin/python3".to_owned(), format!("{HOME}/{entry}")];
            Ok(BuiltValidator {
                environment_name,
                files,
                command,
                environment,
                executable: false,
            })
        }
        ValidatorLanguage::Native { sources, plus_plus } => {
            let compiler = if *plus_plus {
                "/usr/bin/g++ -std=gnu++20"
            } else {
                "/usr/bin/gcc -std=gnu17"
            };
            let sources: Vec<String> = sources.iter().map(|source| quoted(source)).collect();
            let script = format!(
                "cd {HOME} && {compiler} -O2 -static -I. -o {BUILT} {} -lm",
                sources.join(" ")
            );
            let binary = builder.build(&script).await?;
            let files = vec![BoxFile {
                path: format!("{HOME}/program"),
                content: binary,
                mode: 0o755,
            }];
            let command = vec![format!("/work/{HOME}/program")];
            Ok(BuiltValidator {
                environment_name,
                files,
                command,
                environment,
                executable: true,
            })
        }
        ValidatorLanguage::Scripts { build } => {
            let step = if *build { "sh ./build >&2 && " } else { "" };
            let script = format!("cd {HOME} && {step}chmod +x run && tar -cf {BUILT} .");
            let archive = builder.build(&script).await?;
            let files = vec![BoxFile {
                path: format!("{HOME}.tar"),
                content: archive,
                mode: 0o644,
            }];
            let start = format!("mkdir -p {HOME} && tar -xf {HOME}.tar -C {HOME} && exec ./{HOME}/run \"$@\"");
            let command = ["/bin/sh", "-c", &start, "run"].map(str::to_owned).to_vec();
            Ok(BuiltValidator {
                environment_name: toolchain,
                files,
                command,
                environment,
                executable: true,
            })
        }
    }
}

/// Everything that a build needs.
struct Builder<'a> {
    program: &'a ValidatorProgram,
    files: &'a [BoxFile],
    hash: &'a str,
    context: JudgeContext<'a>,
}

impl Builder<'_> {
    /// Runs a shell script that leaves its result in one file, and takes that out of the box.
    async fn build(&self, script: &str) -> Result<Bytes, JudgeError> {
        let cached = cache_file(self.context.settings, self.hash);
        if let Some(path) = &cached
            && let Ok(content) = tokio::fs::read(path).await
        {
            return Ok(content.into());
        }
        let built = self.build_in_box(&format!("{script} && cat {BUILT}")).await?;
        if let Some(path) = cached
            && let Err(error) = keep(&path, &built).await
        {
            tracing::warn!(path = %path.display(), %error, "cannot keep a built validator; it will be built again");
        }
        Ok(built)
    }

    async fn build_in_box(&self, script: &str) -> Result<Bytes, JudgeError> {
        let failed = |reason: String| JudgeError::ValidatorBuild {
            validator: self.program.name.clone(),
            reason,
        };
        let limits = self.limits();
        let JudgeContext {
            settings, submission, ..
        } = self.context;
        let toolchain = settings.validators.toolchain.clone();
        let plan = BoxPlan {
            spec: validator_box(settings, &limits, toolchain, true, submission),
            files: self.files.to_vec(),
            prepare: None,
        };
        let mut boxes = Boxes::new(self.context, plan);
        let argv = ["/bin/sh", "-c", script].map(str::to_owned).to_vec();
        let program = Program::Exec {
            argv,
            env: ENVIRONMENT.map(str::to_owned).to_vec(),
        };
        let request = RunRequest {
            program,
            limits: run_limits(&limits, self.context.settings),
            then_reset: false,
        };
        loop {
            let session = boxes.ready("building a validator").await?;
            let (sender, receiver) = mpsc::channel(8);
            let streams = RunStreams {
                input: Input::Empty,
                output: Some(sender),
                kill: CancellationToken::new(),
            };
            let (ran, output) = tokio::join!(session.run(&request, streams), collect(receiver));
            match ran {
                Ok(facts) if facts.ended == Ended::Exit(0) && facts.stopped.is_none() => return Ok(output),
                Ok(facts) => {
                    let said = [&facts.stderr_head[..], &facts.stderr_tail[..]].concat();
                    return Err(failed(format!(
                        "{}; {}",
                        end_of(&facts),
                        String::from_utf8_lossy(&said).trim_end()
                    )));
                }
                Err(error) => {
                    if boxes.lose(error, "building a validator").await? == PostMortem::OutOfMemory {
                        return Err(failed(
                            "the compiler needs more memory than validators.memory_bytes".to_owned(),
                        ));
                    }
                }
            }
        }
    }

    fn limits(&self) -> Limits {
        let settings = &self.context.settings.validators;
        Limits {
            cpu_ms: settings.compile_cpu_ms,
            wall_ms: settings.compile_cpu_ms.saturating_mul(2),
            memory_bytes: settings.memory_bytes,
            output_bytes: settings.scratch_bytes,
            processes: self.context.settings.limits.ceiling.processes,
        }
    }
}

/// A box for a validator or for its compiler.
pub(in crate::judge) fn validator_box(
    settings: &Settings,
    limits: &Limits,
    environment: String,
    executable_work: bool,
    submission: Uuid,
) -> BoxSpec {
    BoxSpec {
        environment,
        role: BoxRole::Validator,
        memory_bytes: limits.memory_bytes,
        processes: limits.processes,
        cpus: settings.sandbox.cpus,
        scratch_bytes: settings.validators.scratch_bytes,
        scratch_inodes: settings.sandbox.scratch_inodes,
        executable_work,
        file_bytes: settings.validators.scratch_bytes,
        open_files: settings.limits.open_files,
        placement: SlotPlacement::default(),
        zygote: None,
        purpose: submission.to_string(),
    }
}

fn end_of(facts: &RunFacts) -> String {
    match (facts.stopped, facts.ended) {
        (Some(_), _) => "its compiler was stopped at a limit".to_owned(),
        (None, Ended::Exit(code)) => format!("its compiler ended with exit code {code}"),
        (None, Ended::Signal(signal)) => format!("its compiler was killed by {}", signal_name(signal)),
    }
}

async fn collect(mut pieces: mpsc::Receiver<Bytes>) -> Bytes {
    let mut collected = BytesMut::new();
    while let Some(piece) = pieces.recv().await {
        collected.extend_from_slice(&piece);
    }
    collected.freeze()
}

async fn read_files(program: &ValidatorProgram) -> Result<Vec<BoxFile>, JudgeError> {
    let mut files = Vec::new();
    for (name, path) in &program.files {
        let content = tokio::fs::read(path).await.map_err(|error| {
            let reason = format!("cannot read {}: {error}", path.display());
            JudgeError::of_host_or(&error, reason, |reason| JudgeError::ValidatorBuild {
                validator: program.name.clone(),
                reason,
            })
        })?;
        files.push(BoxFile {
            path: format!("{HOME}/{name}"),
            content: content.into(),
            mode: 0o755,
        });
    }
    Ok(files)
}

fn hash_of(program: &ValidatorProgram, files: &[BoxFile]) -> String {
    let mut digest = Sha256::new();
    digest.update(format!("{:?}", program.language));
    for BoxFile { path, content, .. } in files {
        digest.update((path.len() as u64).to_le_bytes());
        digest.update(path);
        digest.update((content.len() as u64).to_le_bytes());
        digest.update(content);
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn cache_file(settings: &Settings, hash: &str) -> Option<PathBuf> {
    let directory = &settings.validators.cache_directory;
    (!directory.as_os_str().is_empty()).then(|| directory.join(hash))
}

/// Written aside and renamed: nobody ever reads half a program.
async fn keep(path: &std::path::Path, content: &[u8]) -> std::io::Result<()> {
    if let Some(directory) = path.parent() {
        tokio::fs::create_dir_all(directory).await?;
    }
    let aside = path.with_extension(Uuid::new_v4().simple().to_string());
    tokio::fs::write(&aside, content).await?;
    tokio::fs::rename(&aside, path).await
}

/// A word that a shell takes as it is.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}
