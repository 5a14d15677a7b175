//! Tries out whether this host can judge: a box that answers, places that can be written, descriptors to spare.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use thiserror::Error;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use uuid::Uuid;

use crate::disk_cache::DiskCache;
use crate::host_fault::{host_fault, lacks_room};
use crate::sandbox::{
    BoxError, BoxSpec, Input, LeaseError, Lifetime, Pool, Program, PutFile, RunLimits, RunRequest, RunStreams, Session,
    Stdin, ZygoteRequest,
};

/// How long the disk may take.
const DISK_TIMEOUT: Duration = Duration::from_secs(15);

/// What is written and read again.
static PIECE: [u8; 8 << 10] = [0x5a; 8 << 10];

/// Descriptors that judging one submission needs, about.
const DESCRIPTORS: usize = 24;

/// What this host cannot do.
#[derive(Debug, Error)]
pub(super) enum ProbeError {
    #[error("no box: {0}")]
    Box(#[from] LeaseError),
    #[error("cannot write and read in {}: {source}; {advice}", path.display())]
    Place {
        path: PathBuf,
        source: io::Error,
        advice: &'static str,
    },
    #[error("no slot was free within {0:?}")]
    Busy(Duration),
    #[error("the disk did not answer within {DISK_TIMEOUT:?}; look at it and at the kernel's log (dmesg)")]
    SlowDisk,
    #[error("cannot open files: {0}; raise the worker's limit of open files (`ulimit -n`, LimitNOFILE, nofile)")]
    Descriptors(io::Error),
}

/// What is tried out.
#[derive(Debug)]
pub(super) struct Probe {
    pool: Arc<Pool>,
    /// The box that submissions ask for most likely.
    spec: Option<BoxSpec>,
    caches: Vec<PathBuf>,
}

impl Probe {
    /// A probe of the box that submissions ask for most likely, and of the directories that the worker writes to.
    pub(super) fn new(pool: Arc<Pool>, spec: Option<BoxSpec>, caches: impl IntoIterator<Item = PathBuf>) -> Self {
        let named = caches.into_iter().filter(|place| !place.as_os_str().is_empty());
        Self {
            pool,
            spec,
            caches: named.collect(),
        }
    }

    /// Tries everything, and says what does not work first. How long submissions keep all slots busy says nothing about the
    /// host, so a free one is waited for.
    pub(super) async fn run(&self) -> Result<(), ProbeError> {
        self.run_within(Duration::MAX).await
    }

    /// The same in a slot that is free within this time.
    pub(super) async fn run_within(&self, slot_patience: Duration) -> Result<(), ProbeError> {
        let caches = self.caches.clone();
        let files = spawn_blocking(move || try_files(&caches));
        match timeout(DISK_TIMEOUT, files).await {
            Ok(Ok(tried)) => tried?,
            Ok(Err(error)) => return Err(ProbeError::Descriptors(io::Error::other(error))),
            Err(_elapsed) => return Err(ProbeError::SlowDisk),
        }
        let Some(spec) = &self.spec else {
            return Ok(());
        };
        let slot = timeout(slot_patience, self.pool.slot()).await;
        let slot = slot.map_err(|_elapsed| ProbeError::Busy(slot_patience))?;
        // The sandbox has a deadline for each step of a start, and they are settings: one more here would be too short for
        // some of them. The box is removed in the background.
        let mut session = self.pool.fresh(&slot, spec).await?;
        Ok(try_box(&mut session, spec).await.map_err(LeaseError::Box)?)
    }
}

/// A name below the work directory, and what is laid there.
const LAID: (&str, &[u8]) = ("assize-probe", b"x");

/// How long a program that does nothing may take, in microseconds. One that takes longer is ended, and nothing follows.
const WALL_US: u64 = 10_000_000;

/// Lays a file and reads it again; then runs an empty program that gets its input as a file, where the box has an
/// interpreter. Where memory or places of boxes cannot be had the box is lost over it. How the program ends is the
/// environment's matter, not the host's.
async fn try_box(session: &mut Session, spec: &BoxSpec) -> Result<(), BoxError> {
    let (laid, content) = LAID;
    session
        .put(file(laid), Input::Bytes(Bytes::from_static(content)))
        .await?;
    session.fetch(laid, content.len() as u64).await?;
    let Some(zygote) = &spec.zygote else {
        return Ok(());
    };
    session.put(file(&zygote.name), Input::Empty).await?;
    let streams = RunStreams {
        input: Input::Bytes(Bytes::from_static(&PIECE)),
        ..RunStreams::silent()
    };
    session.run(&empty_program(zygote, spec), streams).await.map(drop)
}

fn file(path: &str) -> PutFile {
    PutFile {
        path: path.to_owned(),
        lifetime: Lifetime::Durable,
        mode: 0o644,
    }
}

fn empty_program(zygote: &ZygoteRequest, spec: &BoxSpec) -> RunRequest {
    RunRequest {
        program: Program::Exec {
            argv: zygote.argv.clone(),
            env: zygote.env.clone(),
        },
        stdin: Stdin::File,
        limits: RunLimits {
            cpu_us: WALL_US,
            wall_us: WALL_US,
            starved_us: WALL_US,
            memory_bytes: spec.memory_bytes,
            input_room_bytes: 0,
            output_bytes: PIECE.len() as u64,
            file_bytes: spec.file_bytes,
            open_files: spec.open_files,
            cpus: spec.cpus,
            stderr_keep: 0,
        },
        then_fetch: None,
        then_reset: false,
    }
}

fn try_files(caches: &[PathBuf]) -> Result<(), ProbeError> {
    let opened: io::Result<Vec<File>> = (0..DESCRIPTORS).map(|_| File::open("/dev/null")).collect();
    drop(opened.map_err(ProbeError::Descriptors)?);
    match try_places(caches) {
        // What is in the caches can be made again, and nothing is added to them that would make room while no submission is
        // taken.
        Err(error) if lacks_room(&error) && clear(caches) => try_places(caches),
        tried => tried,
    }
}

/// Removes what is not in use from all caches; says whether there was something.
fn clear(caches: &[PathBuf]) -> bool {
    let cleared = caches.iter().map(|cache| DiskCache::at(cache, 0).clear());
    cleared.fold(false, |any, cleared| any | cleared)
}

fn try_places(caches: &[PathBuf]) -> Result<(), ProbeError> {
    for place in std::iter::once(&std::env::temp_dir()).chain(caches) {
        try_place(place).map_err(|source| ProbeError::Place {
            path: place.clone(),
            advice: host_fault(&source).unwrap_or("make it a directory that the worker can write to"),
            source,
        })?;
    }
    Ok(())
}

fn try_place(place: &Path) -> io::Result<()> {
    fs::create_dir_all(place)?;
    let path = place.join(format!(".assize-probe-{}", Uuid::new_v4().simple()));
    let tried = write_and_read(&path);
    match fs::remove_file(&path) {
        Err(error) if tried.is_ok() => Err(error),
        _ => tried,
    }
}

fn write_and_read(path: &Path) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(&PIECE)?;
    file.sync_data()?;
    let mut read = Vec::new();
    File::open(path)?.read_to_end(&mut read)?;
    if read == PIECE {
        Ok(())
    } else {
        Err(io::Error::other("what was written is not what is read"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::judge::{Judge, JudgeOptions};
    use crate::problem::ProblemStore;
    use crate::sandbox::{PoolPlan, open_backend};

    #[tokio::test(start_paused = true)]
    async fn however_long_all_slots_are_busy_it_is_a_box_that_says_whether_the_host_can_judge() {
        let nowhere = tempfile::tempdir().unwrap();
        let mut settings = config::load(None).unwrap();
        settings.sandbox.docker.host = format!("unix://{}", nowhere.path().join("docker.sock").display());
        let backend = open_backend(&settings.sandbox, "probing").unwrap();
        let plan = PoolPlan::new(&settings.sandbox, vec![String::new()], 0);
        let pool = Arc::new(Pool::new(backend.into(), &plan));
        let options = JudgeOptions::from(settings.judging());
        let judge = Judge::new(options, Arc::clone(&pool), ProblemStore::empty());
        let probe = Probe::new(Arc::clone(&pool), judge.expected_box("python3"), []);

        let busy = pool.slot().await;
        let mut probing = Box::pin(probe.run());
        assert!(timeout(Duration::from_secs(3600), &mut probing).await.is_err());
        let found = probe.run_within(Duration::from_secs(30)).await.unwrap_err();
        assert!(matches!(found, ProbeError::Busy(_)), "{found}");
        drop(busy);
        let found = probing.await.unwrap_err();
        assert!(matches!(found, ProbeError::Box(_)), "{found}");
    }
}
