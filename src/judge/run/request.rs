//! What is asked of a box for one test: the command, its limits, its files.

use std::io;
use std::path::Path;

use bytes::Bytes;

use crate::contract::Limits;
use crate::judge::options::JudgeOptions;
use crate::judge::plan::{Plan, PlannedTest, sources};
use crate::judge::program_file::{PROGRAM, is_in_the_way};
use crate::judge::run::attempt::AttemptError;
use crate::judge::run::stdin::ProgramInput;
use crate::sandbox::{
    BoxError, Input, Lifetime, Program, PutFile, RunLimits, RunRequest, STDERR_AT_MOST, Session, Stdin,
};

/// The run of a submission in one test, with this standard input. It may go on beyond its time limit by
/// `judge.near_limit`, so that the judge sees which programs need only a little more.
pub(in crate::judge) fn request(
    plan: &Plan,
    test: &PlannedTest,
    options: &JudgeOptions,
    forks: bool,
    input: ProgramInput,
) -> RunRequest {
    let limits = run_limits(&plan.limits, options);
    RunRequest {
        program: program(plan, &test.args, forks),
        stdin: input.stdin,
        limits: RunLimits {
            cpu_us: a_little_beyond(limits.cpu_us, options),
            wall_us: a_little_beyond(limits.wall_us, options),
            input_room_bytes: input.room_bytes,
            stderr_keep: plan.stderr_keep(options),
            ..limits
        },
        then_fetch: None,
        // What is to be fetched lies there until then. What a call leaves is fetched with its run.
        then_reset: plan.capture.as_ref().is_none_or(|capture| capture.fetch.is_empty()),
    }
}

/// How long unit tests may take together, and a process that they ask, with the time in which no test waits for it.
/// In microseconds.
pub(in crate::judge) const SESSION_US: u64 = 3_600_000_000;

/// A process of a submission that is asked for one thing after the other, until no test does. As [`request`], it may go on a
/// little beyond its time limit.
pub(in crate::judge) fn process_request(plan: &Plan, options: &JudgeOptions, forks: bool) -> RunRequest {
    let limits = run_limits(&plan.limits, options);
    RunRequest {
        program: program(plan, &[], forks),
        stdin: Stdin::Pipe,
        limits: RunLimits {
            cpu_us: a_little_beyond(limits.cpu_us, options),
            wall_us: SESSION_US,
            stderr_keep: plan.stderr_keep(options),
            ..limits
        },
        then_fetch: None,
        then_reset: true,
    }
}

/// The submission's program with these arguments.
fn program(plan: &Plan, args: &[String], forks: bool) -> Program {
    let mut argv = command(&plan.language.run, &placeholders(plan));
    argv.extend_from_slice(args);
    if forks {
        Program::Fork { argv }
    } else {
        Program::Exec {
            argv,
            env: plan.language.env.clone(),
        }
    }
}

/// A time limit with what a test may exceed it by before it is ended.
pub(in crate::judge) fn a_little_beyond(us: u64, options: &JudgeOptions) -> u64 {
    times(us, 1.0 + options.judge.near_limit)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "microseconds of at most days times a small positive factor; `as` saturates"
)]
fn times(us: u64, factor: f64) -> u64 {
    (us as f64 * factor) as u64
}

/// Writes the files of `NAME.files`, and those that came along with the test, for this test only.
pub(in crate::judge) async fn write_files(
    session: &mut Session,
    plan: &Plan,
    test: &PlannedTest,
) -> Result<(), AttemptError> {
    for file in &test.more_files {
        let content = Bytes::copy_from_slice(&file.content);
        write_file(session, file.name.clone(), Input::Bytes(content))
            .await
            .map_err(AttemptError::Box)?;
    }
    let Some(root) = &test.files else {
        return Ok(());
    };
    // As a file of the submission does, one of the test gives way to the program that was compiled.
    let is_laid = |path: &str| !(plan.language.is_compiled() && is_in_the_way(path));
    put_files(session, root, is_laid).await.map_err(|error| match error {
        PutFilesError::Io(error) => AttemptError::unreadable(plan, &test.name, error),
        PutFilesError::Box(error) => AttemptError::Box(error),
    })
}

/// Why files could not be put into a box.
pub(in crate::judge) enum PutFilesError {
    /// They cannot be read.
    Io(io::Error),
    /// The box was lost.
    Box(BoxError),
}

impl From<io::Error> for PutFilesError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Writes everything below `root` for this test only, but what is not to be laid.
pub(in crate::judge) async fn put_files(
    session: &mut Session,
    root: &Path,
    is_laid: impl Fn(&str) -> bool,
) -> Result<(), PutFilesError> {
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        let mut entries = tokio::fs::read_dir(&directory).await?;
        while let Some(entry) = entries.next_entry().await? {
            if tokio::fs::metadata(entry.path()).await?.is_dir() {
                open.push(entry.path());
                continue;
            }
            let path = relative(&entry.path(), root);
            if is_laid(&path) {
                let file = Input::open(&entry.path()).await?;
                write_file(session, path, file).await.map_err(PutFilesError::Box)?;
            }
        }
    }
    Ok(())
}

fn relative(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned()
}

/// Writes a file for this test only.
pub(in crate::judge) async fn write_file(session: &mut Session, path: String, content: Input) -> Result<(), BoxError> {
    let put = PutFile {
        path,
        lifetime: Lifetime::ThisTest,
        mode: 0o444,
    };
    session.put(put, content).await
}

fn placeholders(plan: &Plan) -> Placeholders<'_> {
    Placeholders {
        entry: &plan.entry,
        sources: &[],
        program: PROGRAM,
        memory_bytes: plan.limits.memory_bytes,
    }
}

/// What the placeholders of a command stand for.
#[derive(Debug, Clone, Copy)]
pub(in crate::judge) struct Placeholders<'a> {
    /// The entry point.
    pub(in crate::judge) entry: &'a str,
    /// All source files.
    pub(in crate::judge) sources: &'a [&'a str],
    /// What was compiled, or is to be.
    pub(in crate::judge) program: &'a str,
    /// The memory limit of what the command starts.
    pub(in crate::judge) memory_bytes: u64,
}

/// A command of the language table: `{sources}` as a word of its own stands for all source files, `{entry}` for the entry
/// point, `{program}` for the program and `{memory_bytes}` for the memory limit, also inside a word.
pub(in crate::judge) fn command(template: &[String], placeholders: &Placeholders<'_>) -> Vec<String> {
    let memory_bytes = placeholders.memory_bytes.to_string();
    let mut argv = Vec::new();
    for word in template {
        match word.as_str() {
            "{sources}" => argv.extend(placeholders.sources.iter().map(|name| as_argument(name))),
            "{entry}" => argv.push(as_argument(placeholders.entry)),
            // The name of a file may hold braces, so it is put in last.
            other => argv.push(
                other
                    .replace("{memory_bytes}", &memory_bytes)
                    .replace("{program}", placeholders.program)
                    .replace("{entry}", placeholders.entry),
            ),
        }
    }
    argv
}

/// A name that begins with a dash must not be taken for an option.
fn as_argument(name: &str) -> String {
    if name.starts_with('-') {
        format!("./{name}")
    } else {
        name.to_owned()
    }
}

/// The source files of a plan as a command takes them.
pub(in crate::judge) fn source_names(plan: &Plan) -> Vec<&str> {
    sources(plan).collect()
}

/// The limits as the runner takes them.
pub(in crate::judge) fn run_limits(limits: &Limits, options: &JudgeOptions) -> RunLimits {
    RunLimits {
        cpu_us: limits.cpu_ms.saturating_mul(1000),
        wall_us: limits.wall_ms.saturating_mul(1000),
        starved_us: times(limits.wall_ms.saturating_mul(1000), options.limits.starvation_factor),
        memory_bytes: limits.memory_bytes,
        input_room_bytes: 0,
        output_bytes: limits.output_bytes,
        file_bytes: options.limits.file_bytes,
        open_files: options.limits.open_files,
        cpus: options.boxes.cpus,
        stderr_keep: u32::try_from(options.judge.excerpt_bytes)
            .map_or(STDERR_AT_MOST, |wanted| wanted.min(STDERR_AT_MOST)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_names_files_and_the_memory_limit_wherever_the_table_says() {
        let placeholders = Placeholders {
            entry: "-main.pl",
            sources: &["-main.pl", "b.pl"],
            program: "/tmp/p",
            memory_bytes: 64 << 20,
        };
        let rows: [(&[&str], &[&str]); 6] = [
            (&["perl", "-c", "{entry}"], &["perl", "-c", "./-main.pl"]),
            (&["check", "{sources}"], &["check", "./-main.pl", "b.pl"]),
            (&["cc", "-o{entry}.out"], &["cc", "-o-main.pl.out"]),
            (&["plain"], &["plain"]),
            (&["cc", "-o{program}", "{program}"], &["cc", "-o/tmp/p", "/tmp/p"]),
            (
                &["vm", "-m{memory_bytes}", "{memory_bytes}"],
                &["vm", "-m67108864", "67108864"],
            ),
        ];
        for (template, expected) in rows {
            let template: Vec<String> = template.iter().map(|word| (*word).to_owned()).collect();
            assert_eq!(command(&template, &placeholders), expected);
        }
    }
}
