//! Programs of a package become something that can be started in a box.
//!
//! C and C++ sources and `build` scripts are built once, in a box of the toolchain environment, and kept by the hash of
//! everything that goes into them: in memory, and on disk where there is a place for it.

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use crate::contract::Limits;
use crate::judge::boxes::{BoxFile, BoxPlan, Boxes, JudgeContext};
use crate::judge::options::{JudgeOptions, validator_language};
use crate::judge::plan::PackageProgram;
use crate::judge::plan::asserts::VERIFY_ASSERTS;
use crate::judge::plan::units::VERIFY_UNITS;
use crate::judge::run::request::{Placeholders, command};
use crate::judge::validation::build_box::{BUILT, Builder, HOME, VARIABLES, validator_box};
use crate::judge::validation::built_on_disk::BuiltOnDisk;
use crate::judge::{JudgeError, ProgramRole};
use crate::problem::{ValidatorLanguage, ValidatorProgram};

/// Hands out the input of the next pass, which can be large, and takes it away.
const TAKE_NEXT_PASS: &str = include_str!("take_next_pass.py");

/// Where that program is in the box of a validator.
const TAKE_NEXT_PASS_FILE: &str = "nextpass/take.py";

/// Starts a program of ours.
const START: &str = include_str!("start.py");

/// Name of the program that runs asserts.
const ASSERTS: &str = "verify_asserts.py";

/// Name of the program that runs unit tests.
const UNITS: &str = "verify_units.py";

/// A program of a package that can be started.
#[derive(Debug, Clone)]
pub(in crate::judge) struct BuiltValidator {
    /// Environment that its box asks for.
    pub(in crate::judge) environment_name: String,
    pub(in crate::judge) files: Vec<BoxFile>,
    /// The command, to which the arguments of the format are added.
    pub(in crate::judge) command: Vec<String>,
    /// The command that hands out the input of the next pass.
    pub(in crate::judge) take_next_pass: Vec<String>,
    /// Environment variables of both.
    pub(in crate::judge) environment: Vec<String>,
    /// Whether its files have to be executable.
    pub(in crate::judge) executable: bool,
}

/// A program of a package that is being made.
pub(super) struct Making<'a> {
    pub(super) program: &'a PackageProgram,
    /// Over everything that goes into it.
    pub(super) hash: &'a str,
    pub(super) disk: &'a BuiltOnDisk,
    pub(super) context: JudgeContext<'a>,
}

impl Making<'_> {
    /// Makes it startable, which may mean to build it.
    pub(super) async fn make(self, files: Vec<BoxFile>) -> Result<BuiltValidator, JudgeError> {
        let options = self.context.options;
        let program = &self.program.program.language;
        // An input validator is run among its files (format 2025-09, section "Working directory").
        let is_among_files = self.program.role == ProgramRole::InputValidator;
        let mut built = match program {
            ValidatorLanguage::Python(entry) => interpreted(entry, options, files.clone())?,
            ValidatorLanguage::Native { sources, plus_plus } => {
                native(self.build(&compile_script(sources, *plus_plus), &files).await?)
            }
            ValidatorLanguage::Scripts { build } => {
                scripts(self.build(&archive_script(*build), &files).await?, is_among_files)
            }
        };
        let validators = &options.validators;
        built.environment_name = match program {
            ValidatorLanguage::Scripts { .. } => validators.toolchain.clone(),
            _ => validators.environment.clone(),
        };
        if is_among_files {
            if !matches!(program, ValidatorLanguage::Scripts { .. }) {
                built.files.extend(files.into_iter().filter_map(at_the_top));
            }
            return Ok(built);
        }
        if self.program.role != ProgramRole::OutputValidator {
            return Ok(built);
        }
        built.take_next_pass = start_command(TAKE_NEXT_PASS_FILE, options)?;
        built.files.push(BoxFile {
            path: TAKE_NEXT_PASS_FILE.to_owned(),
            content: TAKE_NEXT_PASS.into(),
            mode: 0o644,
        });
        Ok(built)
    }

    /// What a shell script builds, which may have been built before.
    async fn build(&self, script: &str, files: &[BoxFile]) -> Result<Bytes, JudgeError> {
        if let Some(built) = self.disk.get(self.hash).await {
            return Ok(built);
        }
        let builder = Builder {
            program: self.program,
            files,
            context: self.context,
        };
        let built = builder.build(script).await?;
        self.disk.put(self.hash, built.clone()).await;
        Ok(built)
    }
}

fn interpreted(entry: &str, options: &JudgeOptions, files: Vec<BoxFile>) -> Result<BuiltValidator, JudgeError> {
    Ok(BuiltValidator {
        files,
        command: start_command(&format!("{HOME}/{entry}"), options)?,
        environment: validator_language(options)?.env.clone(),
        ..BuiltValidator::new(false)
    })
}

/// Starts a file in the language of validators.
fn start_command(file: &str, options: &JudgeOptions) -> Result<Vec<String>, JudgeError> {
    let placeholders = Placeholders {
        entry: file,
        sources: &[],
        program: "",
        memory_bytes: options.validators.memory_bytes,
    };
    Ok(command(&validator_language(options)?.run, &placeholders))
}

fn native(binary: Bytes) -> BuiltValidator {
    BuiltValidator {
        files: vec![BoxFile {
            path: format!("{HOME}/program"),
            content: binary,
            mode: 0o755,
        }],
        command: vec![format!("/work/{HOME}/program")],
        ..BuiltValidator::new(true)
    }
}

/// One that is run among its files is copied to the top of the work directory, whose own mode `tar` could not restore.
fn scripts(archive: Bytes, is_among_files: bool) -> BuiltValidator {
    let unpack = format!("mkdir -p {HOME} && tar -xf {HOME}.tar -C {HOME}");
    let start = match is_among_files {
        true => format!("{unpack} && cp -R {HOME}/. . && exec ./run \"$@\""),
        false => format!("{unpack} && exec ./{HOME}/run \"$@\""),
    };
    BuiltValidator {
        files: vec![BoxFile {
            path: format!("{HOME}.tar"),
            content: archive,
            mode: 0o644,
        }],
        command: ["/bin/sh", "-c", &start, "run"].map(str::to_owned).to_vec(),
        ..BuiltValidator::new(true)
    }
}

/// A file of a program, in the directory that the program is started in. One that would lie over the program is left out.
fn at_the_top(file: BoxFile) -> Option<BoxFile> {
    let path = file.path.strip_prefix(HOME)?.strip_prefix('/')?.to_owned();
    let is_over_program = path == HOME || path.starts_with(&format!("{HOME}/"));
    (!is_over_program).then_some(BoxFile { path, ..file })
}

impl BuiltValidator {
    /// Boxes in which it can be started.
    pub(in crate::judge) fn boxes<'a>(&self, context: JudgeContext<'a>, limits: &Limits) -> Boxes<'a> {
        let (environment, executable) = (self.environment_name.clone(), self.executable);
        let plan = BoxPlan {
            spec: validator_box(context.options, limits, environment, executable, context.submission),
            files: self.files.clone(),
            prepare: None,
        };
        Boxes::new(context, plan)
    }

    /// The one that runs asserts, which is there without being built.
    pub(in crate::judge) fn of_asserts(options: &JudgeOptions) -> Result<Self, JudgeError> {
        Self::of_ours((ASSERTS, VERIFY_ASSERTS), &options.validators.environment, options)
    }

    /// The one that runs unit tests.
    pub(in crate::judge) fn of_units(options: &JudgeOptions) -> Result<Self, JudgeError> {
        Self::of_ours((UNITS, VERIFY_UNITS), &options.validators.pytest, options)
    }

    fn of_ours(
        (name, source): (&str, &'static str),
        environment: &str,
        options: &JudgeOptions,
    ) -> Result<Self, JudgeError> {
        let file = |name: &str, content: &'static str| BoxFile {
            path: format!("{HOME}/{name}"),
            content: content.into(),
            mode: 0o644,
        };
        let files = vec![file(name, START), file(&format!("{name}.source"), source)];
        Ok(Self {
            environment_name: environment.to_owned(),
            ..interpreted(name, options, files)?
        })
    }

    fn new(executable: bool) -> Self {
        Self {
            environment_name: String::new(),
            files: Vec::new(),
            command: Vec::new(),
            take_next_pass: Vec::new(),
            environment: VARIABLES.map(str::to_owned).to_vec(),
            executable,
        }
    }
}

fn compile_script(sources: &[String], plus_plus: bool) -> String {
    let compiler = if plus_plus {
        "/usr/bin/g++ -std=gnu++20"
    } else {
        "/usr/bin/gcc -std=gnu17"
    };
    // shlex refuses a name with NUL only, and no file has one.
    let sources = shlex::try_join(sources.iter().map(String::as_str)).unwrap_or_default();
    format!("cd {HOME} && {compiler} -O2 -static -I. -o {BUILT} {sources} -lm")
}

/// A `build` script is started by the kernel, so that its own first line names what it is written in.
fn archive_script(build: bool) -> String {
    let step = if build { "chmod +x build && ./build >&2 && " } else { "" };
    format!("cd {HOME} && {step}chmod +x run && tar -cf {BUILT} .")
}

/// A hash over everything that goes into a validator.
pub(super) fn hash_of(program: &ValidatorProgram, files: &[BoxFile]) -> String {
    let mut digest = Sha256::new();
    digest.update(format!("{:?}", program.language));
    for BoxFile { path, content, .. } in files {
        digest.update((path.len() as u64).to_le_bytes());
        digest.update(path);
        digest.update((content.len() as u64).to_le_bytes());
        digest.update(content);
    }
    hex::encode(digest.finalize())
}
