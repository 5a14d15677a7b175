//! Files of this worker that are too large to be sent along: input of a program, and files for one test.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use assize::sandbox::{
    BoxError, BoxSpec, Ended, Input, Lifetime, PutFile, RunFacts, RunRequest, RunStreams, Session, Stdin,
};
use bytes::Bytes;
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::fixture::{TestBoxes, collect, limits, request, run};
use crate::small_box::small_box;

/// More than a runner reads at once, and no whole number of pages.
const LARGE: usize = (5 << 20) + 7;

/// What a program can find out about its input, and which descriptors it has.
const LOOKS_AROUND: &str = "\
import fcntl, hashlib, os, stat
found = os.fstat(0)
print(oct(found.st_mode), found.st_size, found.st_nlink, found.st_uid == os.getuid())
print(found.st_dev == os.stat('/dev/shm').st_dev, os.lseek(0, 0, os.SEEK_CUR))
print(fcntl.fcntl(0, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY)
print(hashlib.sha256(open(0, 'rb', closefd=False).read()).hexdigest())
def is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
print([number for number in range(64) if is_open(number)])
";

fn content(bytes: usize) -> Bytes {
    (0..=250).cycle().take(bytes).collect::<Vec<u8>>().into()
}

fn written(directory: &TempDir, bytes: usize) -> PathBuf {
    let path = directory.path().join(format!("{bytes}.in"));
    fs::write(&path, content(bytes)).unwrap();
    path
}

pub(crate) async fn facts_on_file(
    session: &mut Session,
    source: &str,
    input: Input,
) -> Result<(RunFacts, Bytes), BoxError> {
    let (output, receiver) = mpsc::channel(4);
    let streams = RunStreams {
        input,
        output: Some(output),
        kill: CancellationToken::new(),
    };
    let request = RunRequest {
        stdin: Stdin::File,
        ..request(source, limits())
    };
    let (facts, said) = tokio::join!(session.run(&request, streams), collect(receiver));
    let facts = facts?;
    assert_eq!(facts.ended, Ended::Exit(0), "{said:?}");
    Ok((facts, said))
}

async fn run_on_file(session: &mut Session, source: &str, input: Input) -> Result<Bytes, BoxError> {
    facts_on_file(session, source, input).await.map(|(_facts, said)| said)
}

pub(crate) async fn a_program_sees_the_same_of_its_input_wherever_that_comes_from(boxes: &TestBoxes) {
    let directory = TempDir::new().unwrap();
    let mut session = boxes.session(&small_box()).await;
    for bytes in [LARGE, 1, 0, 3 << 20] {
        let of_memory = run_on_file(&mut session, LOOKS_AROUND, Input::Bytes(content(bytes)))
            .await
            .unwrap();
        let of_a_file = Input::open(&written(&directory, bytes)).await.unwrap();
        let of_a_file = run_on_file(&mut session, LOOKS_AROUND, of_a_file).await.unwrap();
        assert_eq!(of_a_file, of_memory, "{bytes}");
        let said = String::from_utf8_lossy(&of_a_file);
        assert!(
            said.starts_with(&format!("0o100400 {bytes} 0 True\nTrue 0\nTrue\n")),
            "{said}"
        );
        assert!(said.ends_with("\n[0, 1, 2]\n"), "{said}");
        session.reset().await.unwrap();
    }
    session.destroy().await;
}

pub(crate) async fn a_large_input_is_no_memory_of_its_program(boxes: &TestBoxes) {
    let directory = TempDir::new().unwrap();
    let spec = BoxSpec {
        file_bytes: 32 << 20,
        ..small_box()
    };
    let mut session = boxes.session(&spec).await;
    let bytes = (20 << 20) + 7;
    let input = Input::open(&written(&directory, bytes)).await.unwrap();
    let reads = "import os, time\nread = 0\nwhile piece := os.read(0, 65536):\n    read += len(piece)\n\
                 time.sleep(0.2)\nprint(read)";
    let (facts, said) = facts_on_file(&mut session, reads, input).await.unwrap();
    assert_eq!(said, format!("{bytes}\n"));
    assert!(facts.memory_peak.bytes < bytes as u64, "{facts:?}");
    session.destroy().await;
}

async fn put(session: &mut Session, lifetime: Lifetime, file: &Path) -> Result<(), BoxError> {
    let put = PutFile {
        path: "laid/data".to_owned(),
        lifetime,
        mode: 0o444,
    };
    session.put(put, Input::open(file).await.unwrap()).await
}

pub(crate) async fn a_large_file_is_laid_for_as_long_as_it_was_put(boxes: &TestBoxes) {
    let directory = TempDir::new().unwrap();
    let file = written(&directory, LARGE);
    let looks = "import hashlib, os\nif os.path.exists('laid/data'):\n    data = open('laid/data', 'rb').read()\n    \
                 print(oct(os.stat('laid/data').st_mode), len(data), data == bytes(range(251)) * (len(data) // 251) + \
                 bytes(range(len(data) % 251)))\n";
    let is_there = format!("0o100444 {LARGE} True\n");
    for (lifetime, after_reset) in [(Lifetime::ThisTest, ""), (Lifetime::Durable, is_there.as_str())] {
        let mut session = boxes.session(&small_box()).await;
        put(&mut session, lifetime, &file).await.unwrap();
        assert_eq!(run(&mut session, looks).await.output, is_there, "{lifetime:?}");
        session.reset().await.unwrap();
        assert_eq!(run(&mut session, looks).await.output, after_reset, "{lifetime:?}");
        session.destroy().await;
    }
}

/// What happens to a file of so many bytes.
type Change<'a> = &'a dyn Fn(&Path, usize);

/// A program would read something else than it is judged by.
pub(crate) async fn a_file_that_changes_after_it_was_opened_is_told_and_no_program_reads_it(boxes: &TestBoxes) {
    let directory = TempDir::new().unwrap();
    let cut = |path: &Path, bytes: usize| {
        let file = OpenOptions::new().write(true).open(path).unwrap();
        file.set_len(bytes as u64 / 2).unwrap();
    };
    let grown = |path: &Path, _bytes: usize| {
        let mut file = OpenOptions::new().append(true).open(path).unwrap();
        file.write_all(b"more").unwrap();
    };
    let changes: [Change<'_>; 2] = [&cut, &grown];
    for (bytes, change) in [LARGE, 1000]
        .into_iter()
        .flat_map(|bytes| changes.map(|change| (bytes, change)))
    {
        let mut session = boxes.session(&small_box()).await;
        let path = written(&directory, bytes);
        let input = Input::open(&path).await.unwrap();
        change(&path, bytes);
        let lost = run_on_file(&mut session, "print('has run')", input).await;
        assert!(matches!(lost, Err(BoxError::Input(_))), "{bytes}: {lost:?}");
        session.destroy().await;
    }
}
