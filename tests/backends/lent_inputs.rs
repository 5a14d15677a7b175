//! Large inputs that programs read from memory of this worker, without a copy of their own.

use std::fs;
use std::path::{Path, PathBuf};

use assize::contract::{Judgement, ProblemRef, Target, Verdict};
use assize::problem::ProblemStore;
use assize::sandbox::{BoxSpec, Input, InputCache, RunFacts, RunRequest, RunStreams, Session, Stdin};
use bytes::Bytes;
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::fixture::{TestBoxes, limits, request};
use crate::judging::{JudgeFixture, submission};
use crate::large_files::facts_on_file;
use crate::small_box::small_box;

/// No whole number of pages.
const BYTES: usize = (48 << 20) + 7;

fn content() -> Bytes {
    (0..=250).cycle().take(BYTES).collect::<Vec<u8>>().into()
}

struct LentInput {
    directory: TempDir,
    cache: InputCache,
}

impl LentInput {
    fn new() -> Self {
        let directory = TempDir::new().unwrap();
        fs::write(directory.path().join("1.in"), content()).unwrap();
        Self {
            directory,
            cache: InputCache::new(128 << 20),
        }
    }

    async fn lent(&self) -> Input {
        let mut input = Input::open(&self.path()).await.unwrap();
        assert!(input.borrow_from(&self.cache).await);
        input
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("1.in")
    }
}

/// A box that holds no copy of the input: there is no room for one.
fn narrow_box() -> BoxSpec {
    BoxSpec {
        file_bytes: 1 << 20,
        ..small_box()
    }
}

async fn run_on(session: &mut Session, source: &str, input: Input) -> (RunFacts, String) {
    let (facts, said) = facts_on_file(session, source, input).await.unwrap();
    (facts, String::from_utf8(said.to_vec()).unwrap())
}

/// What programs do with a file.
const READS: &str = "\
import hashlib, mmap, os, sys
def digest(data):
    return hashlib.sha256(data).hexdigest()[:16]
found = os.fstat(0)
print(found.st_size, found.st_nlink, found.st_blocks, os.isatty(0), os.lseek(0, 0, os.SEEK_CUR))
print(digest(os.read(0, 1000)), digest(os.pread(0, 1000, 5)), os.lseek(0, 0, os.SEEK_CUR))
print(os.lseek(0, -7, os.SEEK_END), os.read(0, 100), os.read(0, 100))
with open('/dev/stdin', 'rb') as again:
    print(digest(again.read()))
with mmap.mmap(0, 0, prot=mmap.PROT_READ) as mapped, mmap.mmap(0, 0, access=mmap.ACCESS_COPY) as own:
    print(digest(mapped))
    own[:4] = b'mine'
    print(own[:4], mapped[:4])
os.lseek(0, 0, os.SEEK_SET)
print(digest(os.read(0, os.fstat(0).st_size)))
os.lseek(0, 0, os.SEEK_SET)
print(sum(map(len, sys.stdin.buffer)))
import numpy as np
print(int(np.fromfile('/dev/stdin', np.uint8).sum(dtype=np.int64)))
print(int(np.memmap('/dev/stdin', np.uint8, mode='r').sum(dtype=np.int64)))
";

pub(crate) async fn a_lent_input_is_read_in_every_way_as_a_copy_is(boxes: &TestBoxes) {
    let inputs = LentInput::new();
    let spec = BoxSpec {
        file_bytes: 64 << 20,
        memory_bytes: 512 << 20,
        ..small_box()
    };
    let mut session = boxes.session(&spec).await;
    let (_facts, of_a_copy) = run_on(&mut session, READS, Input::Bytes(content())).await;
    for _ in 0..2 {
        session.reset().await.unwrap();
        let (_facts, said) = run_on(&mut session, READS, inputs.lent().await).await;
        assert_eq!(said, of_a_copy);
    }
    session.destroy().await;
}

pub(crate) async fn a_lent_input_is_no_memory_of_its_program_however_it_is_read(boxes: &TestBoxes) {
    let inputs = LentInput::new();
    let mut session = boxes.session(&narrow_box()).await;
    let reads = "import os\nwhile os.read(0, 65536): pass";
    let maps = "import mmap, time\nmapped = mmap.mmap(0, 0, prot=mmap.PROT_READ)\n\
                sum(mapped[at] for at in range(0, len(mapped), 4096))\ntime.sleep(0.2)";
    for source in [reads, maps] {
        let (facts, _said) = run_on(&mut session, source, inputs.lent().await).await;
        assert!(facts.memory_peak.bytes < BYTES as u64, "{source}: {facts:?}");
        session.reset().await.unwrap();
    }
    // What it makes of it is its own.
    let (facts, _said) = run_on(&mut session, "open(0, 'rb').read()", inputs.lent().await).await;
    assert!(facts.memory_peak.bytes > BYTES as u64, "{facts:?}");
    session.destroy().await;
}

/// Prints what it could do to its input, and leaves all that it can leave.
const ATTACKS: &str = "\
import ctypes, errno, fcntl, mmap, os, struct
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
SELF, SET_RW_HINT, SHARED_READ = '/proc/self/fd/0', 1036, (1, 1)
address = libc.mmap(None, 8 << 20, *SHARED_READ, 0, 0)
def called(result):
    if result:
        raise OSError(ctypes.get_errno(), 'refused')
def executed():
    child = os.fork()
    if child == 0:
        try:
            os.execv(SELF, ['input'])
        finally:
            os._exit(77)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 77:
        raise OSError(errno.EACCES, 'refused')
for name, attempt in {
    'write': lambda: os.write(0, b'x'),
    'pwrite': lambda: os.pwrite(0, b'x', 0),
    'open for writing': lambda: os.open(SELF, os.O_WRONLY),
    'open for both': lambda: os.open('/dev/stdin', os.O_RDWR),
    'open and cut': lambda: os.open(SELF, os.O_RDONLY | os.O_TRUNC),
    'without atime': lambda: os.open(SELF, os.O_RDONLY | os.O_NOATIME),
    'cut': lambda: os.ftruncate(0, 0),
    'cut by name': lambda: os.truncate(SELF, 0),
    'allocate': lambda: os.posix_fallocate(0, 0, 1 << 26),
    'map for writing': lambda: mmap.mmap(0, 0),
    'make writable': lambda: called(libc.mprotect(ctypes.c_void_p(address), 4096, 3)),
    'hole': lambda: called(libc.madvise(address, 4096, 9)),
    'collapse': lambda: called(libc.madvise(address, 4 << 20, 25)),
    'chmod': lambda: os.fchmod(0, 0o666),
    'chmod by name': lambda: os.chmod(SELF, 0o666),
    'chown': lambda: os.fchown(0, os.getuid(), os.getgid()),
    'xattr': lambda: os.setxattr(0, 'user.left', b'1'),
    'times': lambda: os.utime(0, (1, 1)),
    'times now': lambda: os.utime(0),
    'lease': lambda: fcntl.fcntl(0, fcntl.F_SETLEASE, fcntl.F_RDLCK),
    'lease for writing': lambda: fcntl.fcntl(0, fcntl.F_SETLEASE, fcntl.F_WRLCK),
    'seal': lambda: fcntl.fcntl(0, fcntl.F_ADD_SEALS, 0x20),
    'hint': lambda: fcntl.fcntl(0, SET_RW_HINT, struct.pack('Q', 3)),
    'link': lambda: os.link(SELF, 'kept', follow_symlinks=True),
    'execute': executed,
}.items():
    try:
        attempt()
        print('DONE', name)
    except OSError:
        pass
fcntl.flock(0, fcntl.LOCK_EX)
fcntl.lockf(0, fcntl.LOCK_SH, 1000)
os.read(0, 1 << 20)
if os.fork() == 0:
    os.setsid()
    while True:
        os.lseek(0, 0, os.SEEK_SET)
        os.read(0, 1 << 16)
print(os.fstat(0).st_ino)
";

/// Prints what it finds of runs before it.
const LOOKS: &str = "\
import fcntl, hashlib, os, struct
found = os.fstat(0)
print(found.st_ino)
print(oct(found.st_mode), found.st_uid == os.getuid(), found.st_size, os.lseek(0, 0, os.SEEK_CUR))
print(found.st_atime_ns == found.st_mtime_ns == found.st_ctime_ns, os.listxattr(0))
print(fcntl.fcntl(0, fcntl.F_GETLEASE) == fcntl.F_UNLCK, struct.unpack('Q', fcntl.fcntl(0, 1035, bytes(8))))
fcntl.flock(0, fcntl.LOCK_EX | fcntl.LOCK_NB)
fcntl.lockf(0, fcntl.LOCK_SH | fcntl.LOCK_NB)
print(hashlib.sha256(open(0, 'rb').read()).hexdigest())
";

pub(crate) async fn a_program_leaves_nothing_on_a_lent_input_for_the_next_one(boxes: &TestBoxes) {
    let inputs = LentInput::new();
    let mut fresh = boxes.session(&narrow_box()).await;
    let (_facts, unread) = run_on(&mut fresh, LOOKS, inputs.lent().await).await;
    fresh.destroy().await;
    assert!(
        unread.contains(&format!("\n0o100444 False {BYTES} 0\nTrue []\nTrue (0,)\n")),
        "{unread}"
    );
    let number = unread.lines().next().unwrap();

    let mut first = boxes.session(&narrow_box()).await;
    let (_facts, said) = run_on(&mut first, ATTACKS, inputs.lent().await).await;
    assert_eq!(
        said,
        format!("{number}\n"),
        "an attempt succeeded, or another file was lent"
    );
    // In the same box, and in another one.
    let (_facts, after) = run_on(&mut first, LOOKS, inputs.lent().await).await;
    assert_eq!(after, unread);
    first.destroy().await;
    let mut second = boxes.session(&narrow_box()).await;
    let (_facts, after) = run_on(&mut second, LOOKS, inputs.lent().await).await;
    assert_eq!(after, unread);
    second.destroy().await;
}

pub(crate) async fn an_input_whose_box_is_lost_is_lent_to_none_after_it(boxes: &TestBoxes) {
    let inputs = LentInput::new();
    let mut lost = boxes.session(&narrow_box()).await;
    let request = RunRequest {
        stdin: Stdin::File,
        ..request(
            "import os, time\nprint(os.fstat(0).st_ino, flush=True)\ntime.sleep(60)",
            limits(),
        )
    };
    let (output, mut receiver) = mpsc::channel(4);
    let streams = RunStreams {
        input: inputs.lent().await,
        output: Some(output),
        kill: CancellationToken::new(),
    };
    let number = tokio::select! {
        ended = lost.run(&request, streams) => panic!("{ended:?}"),
        said = receiver.recv() => said.unwrap(),
    };
    let mut session = boxes.session(&narrow_box()).await;
    let (_facts, said) = run_on(&mut session, LOOKS, inputs.lent().await).await;
    assert!(!said.as_bytes().starts_with(&number), "{said}");
    lost.destroy().await;
    session.destroy().await;
}

/// A problem with one large input, whose answer is its length.
fn problem(directory: &Path) {
    let root = directory.join("large");
    fs::create_dir_all(root.join("data/secret")).unwrap();
    fs::write(root.join("problem.yaml"), "name: Large\n").unwrap();
    fs::write(root.join("data/secret/1.in"), content()).unwrap();
    fs::write(root.join("data/secret/1.ans"), format!("{BYTES}\n")).unwrap();
}

fn judge_of(boxes: &TestBoxes, problems: &Path, input_memory_bytes: u64) -> JudgeFixture {
    let mut settings = boxes.settings.clone();
    problems.clone_into(&mut settings.problems.directory);
    settings.judge.input_memory_bytes = input_memory_bytes;
    let problems = ProblemStore::open(&settings.problems).unwrap();
    JudgeFixture::of(&settings, boxes.pool(1, 0), problems)
}

async fn judged(judge: &JudgeFixture, source: &str) -> Judgement {
    let mut sent = submission(source, &[]);
    sent.target = Target::Problem(ProblemRef {
        id: "large".to_owned(),
        revision: None,
    });
    sent.limits.memory_bytes = Some(96 << 20);
    judge.judge(&sent).await
}

pub(crate) async fn a_test_is_judged_the_same_whether_its_input_is_lent_or_copied(boxes: &TestBoxes) {
    let problems = TempDir::new().unwrap();
    problem(problems.path());
    let counts = "import os\nread = 0\nwhile piece := os.read(0, 65536):\n    read += len(piece)\nprint(read)";
    let numbers = "import os\nprint(os.fstat(0).st_ino)";
    for (input_memory_bytes, is_lent) in [(128 << 20, true), (BYTES as u64 - 1, false), (0, false)] {
        let judge = judge_of(boxes, problems.path(), input_memory_bytes);
        for _ in 0..2 {
            let judged = judged(&judge, counts).await;
            assert_eq!(judged.verdict, Verdict::Ac, "{judged:#?}");
            assert!(judged.tests[0].memory_bytes < BYTES as u64, "{judged:#?}");
        }
        let (one, other) = (judged(&judge, numbers).await, judged(&judge, numbers).await);
        assert_eq!((one.verdict, other.verdict), (Verdict::Wa, Verdict::Wa), "{one:#?}");
        let is_same = one.tests[0].stdout.text == other.tests[0].stdout.text;
        if is_lent {
            assert!(is_same, "{one:#?} {other:#?}");
        }
        // What it makes of the input counts whether that is lent or not.
        let too_much = judged(&judge, "x = open(0, 'rb').read() * 4\nprint(len(x))").await;
        assert_eq!(too_much.verdict, Verdict::Mle, "{too_much:#?}");
        judge.close().await;
    }
}
