//! Programming languages, and the endings of their files.

/// Code, name, and the file endings that stand for it, of the languages that packages use (appendix "Languages" of the
/// format).
pub(crate) const LANGUAGES: [(&str, &str, &[&str]); 27] = [
    ("python3", "Python 3", &["py", "py3"]),
    ("python2", "Python 2", &["py2"]),
    ("cpp", "C++", &["cc", "cpp", "cxx", "c++", "C"]),
    ("c", "C", &["c"]),
    ("java", "Java", &["java"]),
    ("kotlin", "Kotlin", &["kt"]),
    ("ada", "Ada", &["adb", "ads"]),
    ("bash", "Bash", &["sh"]),
    ("csharp", "C#", &["cs"]),
    ("d", "D", &["d"]),
    ("dart", "Dart", &["dart"]),
    ("elixir", "Elixir", &["ex"]),
    ("fortran", "Fortran", &["f90"]),
    ("go", "Go", &["go"]),
    ("haskell", "Haskell", &["hs"]),
    ("javascript", "JavaScript", &["js"]),
    ("julia", "Julia", &["jl"]),
    ("lua", "Lua", &["lua"]),
    ("ocaml", "OCaml", &["ml"]),
    ("pascal", "Pascal", &["pas"]),
    ("php", "PHP", &["php"]),
    ("prolog", "Prolog", &["pl"]),
    ("ruby", "Ruby", &["rb"]),
    ("rust", "Rust", &["rs"]),
    ("scala", "Scala", &["scala"]),
    ("swift", "Swift", &["swift"]),
    ("typescript", "TypeScript", &["ts"]),
];

/// The ending of a file, without the dot.
pub(crate) fn ending_of(name: &str) -> Option<&str> {
    let last = name.rsplit('/').next().unwrap_or(name);
    last.rsplit_once('.').map(|(_stem, ending)| ending)
}

/// The name of the language that an ending stands for.
pub(crate) fn language_of(ending: &str) -> Option<&'static str> {
    let found = LANGUAGES.iter().find(|(_, _, endings)| endings.contains(&ending));
    found.map(|(_, name, _)| *name)
}
