//! The programs, and what the comments at their heads ask for.

use std::fs;
use std::path::Path;
use std::time::Duration;

const DIRECTORY: &str = "tests/fidelity/programs";

/// How long a program may run that does not say.
const WALL: Duration = Duration::from_secs(20);

/// A program of the suite.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) name: String,
    /// Its first comment.
    pub(crate) shows: String,
    /// Path and content; one of them is `main.py`.
    pub(crate) files: Vec<(String, Vec<u8>)>,
    pub(crate) args: Vec<String>,
    pub(crate) stdin: Vec<u8>,
    /// How it ends in plain Python: the guard against a program that shows nothing because it breaks before.
    pub(crate) ends: String,
    pub(crate) wall: Duration,
    /// The reader of its standard output hangs up.
    pub(crate) reader_gone: bool,
    /// No two runs print the same line.
    pub(crate) differs: bool,
    /// Runs of one box may print the same.
    pub(crate) between_boxes: bool,
}

/// The programs that have `part` in their names, in the order of the names.
pub(crate) fn all(part: &str) -> Vec<Program> {
    let mut found: Vec<Program> = fs::read_dir(DIRECTORY)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter_map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let files = if path.is_dir() {
                files_below(&path, "")
            } else if path.extension().is_some_and(|extension| extension == "py") {
                vec![("main.py".to_owned(), fs::read(&path).unwrap())]
            } else {
                return None;
            };
            name.contains(part).then(|| Program::new(name, files))
        })
        .collect();
    assert!(!found.is_empty(), "no program in {DIRECTORY} has {part:?} in its name");
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

impl Program {
    fn new(name: String, files: Vec<(String, Vec<u8>)>) -> Self {
        let main = files.iter().find(|(path, _)| path == "main.py");
        let (_, main) = main.unwrap_or_else(|| panic!("{name} has no main.py"));
        let header = header(main);
        let value = |marker: &str| header.iter().find_map(|line| line.strip_prefix(marker));
        Self {
            shows: header.first().cloned().unwrap_or_default(),
            args: value("args:")
                .map(|args| args.split_ascii_whitespace().map(ToOwned::to_owned).collect())
                .unwrap_or_default(),
            stdin: fs::read(Path::new(DIRECTORY).join(format!("{name}.in")))
                .unwrap_or_default()
                .repeat(value("repeat:").map_or(1, |times| times.trim().parse().unwrap())),
            ends: value("ends:").map_or("exit 0", str::trim).to_owned(),
            wall: value("wall:").map_or(WALL, |seconds| Duration::from_secs(seconds.trim().parse().unwrap())),
            reader_gone: value("reader:").is_some_and(|reader| reader.trim() == "gone"),
            differs: header.iter().any(|line| line.starts_with("differs")),
            between_boxes: header.iter().any(|line| line == "differs between boxes"),
            name,
            files,
        }
    }

    /// The source of the program itself.
    pub(crate) fn main(&self) -> String {
        let main = self.files.iter().find(|(path, _)| path == "main.py");
        main.map(|(_, source)| String::from_utf8_lossy(source).into_owned())
            .unwrap_or_default()
    }

    pub(crate) fn runs(&self) -> usize {
        if self.differs { 2 } else { 1 }
    }
}

/// The comments at the head of a source, which may be in any encoding.
fn header(source: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(source)
        .trim_start_matches('\u{feff}')
        .lines()
        .map_while(|line| line.strip_prefix('#'))
        .map(|line| line.trim().to_owned())
        .collect()
}

fn files_below(directory: &Path, prefix: &str) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            files.extend(files_below(&path, &format!("{name}/")));
        } else {
            files.push((name, fs::read(&path).unwrap()));
        }
    }
    files.sort();
    files
}
