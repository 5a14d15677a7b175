//! Packages that a test lays, each as small as what it shows.

use std::fs;
use std::path::Path;

/// Of a problem that adds two numbers; a file of the test's own with the same name takes the place of one of these.
const SUM: [(&str, &str); 6] = [
    ("problem.yaml", "name: Sum\nlimits: {time_limit: 2}\n"),
    ("data/sample/1.in", "1 2\n"),
    ("data/sample/1.ans", "3\n"),
    ("data/secret/1.in", "4 2\n"),
    ("data/secret/1.ans", "6\n"),
    ("submissions/accepted/sum.py", SUM_PY),
];

const SUM_PY: &str = "print(sum(map(int, input().split())))\n";

/// The package that adds two numbers, with these files over it. Its path.
pub(crate) fn sum<'a>(below: &Path, name: &str, files: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    files_of(below, name, SUM.into_iter().chain(files))
}

/// The same without its submissions and its secret test.
pub(crate) fn files<'a>(below: &Path, name: &str, files: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    files_of(below, name, SUM[..3].iter().copied().chain(files))
}

/// A package of these files and no others.
pub(crate) fn only<'a>(below: &Path, name: &str, files: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    files_of(below, name, files)
}

fn files_of<'a>(below: &Path, name: &str, files: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let root = below.join(name);
    for (path, content) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    root.display().to_string()
}
