//! The submissions that come with a package.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::contract::Verdict;
use crate::problem::expectation::{CRASH, class};
use crate::problem::validator::entries;
use crate::problem::yaml;
use crate::problem::{
    Expectation, Format, Kind, PackageError, Requirement, TestGroup, expected_of_folder, glob_matches,
};

/// A submission that comes with a package.
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleSubmission {
    /// Path below `submissions/`, such as `accepted/sum.py`.
    pub name: String,
    /// The file or directory.
    pub path: PathBuf,
    /// What it is written in, such as `Python 3` or `C++`; `None` when that cannot be told.
    pub language: Option<String>,
    /// The file to start, if `submissions.yaml` says.
    pub entry_point: Option<String>,
    /// What is expected of it; `None` when nothing is said.
    pub expectation: Option<Expectation>,
}

/// Extensions with the language that they stand for, as far as packages use them.
const LANGUAGES: [(&str, &str); 22] = [
    ("py", "Python 3"),
    ("py3", "Python 3"),
    ("py2", "Python 2"),
    ("cpp", "C++"),
    ("cc", "C++"),
    ("cxx", "C++"),
    ("c++", "C++"),
    ("C", "C++"),
    ("c", "C"),
    ("java", "Java"),
    ("kt", "Kotlin"),
    ("rs", "Rust"),
    ("go", "Go"),
    ("js", "JavaScript"),
    ("ts", "TypeScript"),
    ("hs", "Haskell"),
    ("cs", "C#"),
    ("rb", "Ruby"),
    ("php", "PHP"),
    ("pas", "Pascal"),
    ("scala", "Scala"),
    ("ml", "OCaml"),
];

/// How much of a source is searched for tags and its first line, in bytes.
const SEARCHED: usize = 64 << 10;

/// One entry of `submissions.yaml`.
#[derive(Debug, Clone, Default, Deserialize)]
struct Rule {
    language: Option<String>,
    entrypoint: Option<String>,
    permitted: Option<Vec<String>>,
    required: Option<Vec<String>>,
    score: Option<ScoreYaml>,
    message: Option<String>,
    #[serde(flatten)]
    rest: BTreeMap<String, serde_json::Value>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum ScoreYaml {
    Exactly(f64),
    Between(f64, f64),
}

/// Reads `submissions/*/*`.
pub(super) fn read(
    root: &Path,
    format: Format,
    groups: &TestGroup,
    kind: Kind,
) -> Result<Vec<ExampleSubmission>, PackageError> {
    let directory = root.join("submissions");
    let yaml_path = directory.join("submissions.yaml");
    let rules: BTreeMap<String, Rule> = yaml::read(&yaml_path)?.unwrap_or_default();
    let mut examples = Vec::new();
    for folder in entries(&directory)?.into_iter().filter(|path| path.is_dir()) {
        let folder_name = name_of(&folder);
        for path in entries(&folder)? {
            let name = format!("{folder_name}/{}", name_of(&path));
            let mut example = ExampleSubmission {
                language: language_of(&path)?,
                expectation: of_folder(&folder_name, format, groups, kind, rules.get(&folder_name)),
                entry_point: None,
                name,
                path,
            };
            if let Some(tagged) = of_tags(&example.path)? {
                example.expectation = Some(tagged);
            }
            for (glob, rule) in &rules {
                if *glob != folder_name && matches(glob, &example.name) {
                    apply(rule, &mut example, &yaml_path)?;
                }
            }
            examples.push(example);
        }
    }
    Ok(examples)
}

fn of_folder(
    folder: &str,
    format: Format,
    groups: &TestGroup,
    kind: Kind,
    overridden: Option<&Rule>,
) -> Option<Expectation> {
    use Verdict::{Ac, Tle, Wa};
    let ac_or = |others: &[Verdict]| [&[Ac][..], others].concat();
    let (permitted, required): (Vec<Verdict>, Vec<Verdict>) = match (folder, format) {
        ("accepted", _) if kind == Kind::PassFail => (vec![Ac], vec![Ac]),
        ("accepted", _) => return Some(Expectation::verdict(vec![Ac])),
        ("partially_accepted", _) => return Some(partially_accepted(groups, kind)),
        ("wrong_answer", _) => (ac_or(&[Wa]), vec![Wa]),
        ("time_limit_exceeded", Format::Legacy) => (ac_or(&[Wa, Tle]), vec![Tle]),
        ("time_limit_exceeded", Format::V2025) => (ac_or(&[Tle]), vec![Tle]),
        ("run_time_error", Format::Legacy) => (ac_or(&[&[Wa, Tle][..], &CRASH].concat()), CRASH.to_vec()),
        ("run_time_error", Format::V2025) => (ac_or(&CRASH), CRASH.to_vec()),
        ("brute_force", _) => (ac_or(&[&[Tle][..], &CRASH].concat()), [&[Tle][..], &CRASH].concat()),
        ("rejected", _) => {
            let rejected = [&[Wa, Tle][..], &CRASH].concat();
            (ac_or(&rejected), rejected)
        }
        (other, _) => return expected_of_folder(other).map(Expectation::verdict),
    };
    let classes = |words: &Option<Vec<String>>| {
        words.as_ref().map(|words| {
            words
                .iter()
                .filter_map(|word| class(word))
                .flatten()
                .collect::<Vec<_>>()
        })
    };
    let permitted = overridden
        .and_then(|rule| classes(&rule.permitted))
        .unwrap_or(permitted);
    let required = overridden.and_then(|rule| classes(&rule.required)).unwrap_or(required);
    Some(Expectation::of_tests(&permitted, &required))
}

/// Accepted as a whole, and not with the best score (legacy format, section "Example Submissions").
fn partially_accepted(groups: &TestGroup, kind: Kind) -> Expectation {
    let mut expectation = Expectation::verdict(vec![Verdict::Ac]);
    expectation.decided_by_first_failure = false;
    if let (Kind::Scoring { minimise: false }, Some(best)) = (kind, groups.highest_score()) {
        expectation.requirements.push(Requirement::NotTheBestScore { best });
    }
    expectation
}

/// DOMjudge's `@EXPECTED_RESULTS@: A, B` and Kattis' `@EXPECTED_SCORE@: N`, anywhere in a source.
fn of_tags(path: &Path) -> Result<Option<Expectation>, PackageError> {
    let mut sources = vec![path.to_owned()];
    if path.is_dir() {
        sources = entries(path)?;
    }
    let mut found: Option<Expectation> = None;
    for source in sources.into_iter().filter(|source| source.is_file()) {
        let text = start_of(&source)?;
        if let Some(words) = tag(&text, "@EXPECTED_RESULTS@:") {
            let verdicts: Vec<Verdict> = words.split(',').flat_map(|word| tagged_verdicts(word.trim())).collect();
            if !verdicts.is_empty() {
                found = Some(Expectation::verdict(verdicts));
            }
        }
        if let Some(score) = tag(&text, "@EXPECTED_SCORE@:").and_then(|word| word.trim().parse().ok()) {
            let expectation = found.get_or_insert_with(Expectation::default);
            expectation.requirements.push(Requirement::Score {
                group: None,
                least: score,
                most: score,
            });
            expectation.shown.push(format!("score {score}"));
            expectation.decided_by_first_failure = false;
        }
    }
    Ok(found)
}

fn tag<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, behind) = text.split_once(name)?;
    behind.lines().next()
}

fn tagged_verdicts(word: &str) -> Vec<Verdict> {
    match word.trim_end_matches(['*', '/', ' ']) {
        "CORRECT" | "ACCEPTED" => vec![Verdict::Ac],
        "WRONG-ANSWER" | "WRONG_ANSWER" | "NO-OUTPUT" => vec![Verdict::Wa],
        "TIMELIMIT" | "TIME_LIMIT_EXCEEDED" => vec![Verdict::Tle],
        "RUN-ERROR" | "RUN_TIME_ERROR" => vec![Verdict::Rte, Verdict::Mle, Verdict::Sv],
        "MEMORY-LIMIT" => vec![Verdict::Mle],
        "OUTPUT-LIMIT" => vec![Verdict::Ole],
        "COMPILER-ERROR" => vec![Verdict::Ce],
        _ => Vec::new(),
    }
}

fn apply(rule: &Rule, example: &mut ExampleSubmission, path: &Path) -> Result<(), PackageError> {
    if rule.entrypoint.is_some() {
        example.entry_point.clone_from(&rule.entrypoint);
    }
    match rule.language.as_deref() {
        Some("python3") => example.language = Some("Python 3".to_owned()),
        Some(other) => example.language = Some(other.to_owned()),
        None => {}
    }
    let expectation = example.expectation.get_or_insert_with(Expectation::default);
    require(rule, None, expectation, path)?;
    for (tests, value) in rule
        .rest
        .iter()
        .filter(|(name, value)| is_test_glob(name) && value.is_object())
    {
        let inner: Rule = serde_json::from_value(value.clone()).map_err(|error| PackageError::Invalid {
            path: path.to_owned(),
            message: format!("{tests}: {error}"),
        })?;
        require(&inner, Some(tests), expectation, path)?;
    }
    Ok(())
}

fn require(rule: &Rule, tests: Option<&str>, expectation: &mut Expectation, path: &Path) -> Result<(), PackageError> {
    let verdicts = |words: &[String]| -> Result<Vec<Verdict>, PackageError> {
        let mut verdicts = Vec::new();
        for word in words {
            let message = format!("{word:?} is no verdict, expected AC, WA, TLE or RTE");
            let invalid = || PackageError::Invalid {
                path: path.to_owned(),
                message,
            };
            verdicts.extend(class(word).ok_or_else(invalid)?);
        }
        Ok(verdicts)
    };
    let tests = || tests.map(str::to_owned);
    if let Some(words) = &rule.permitted {
        expectation.requirements.push(Requirement::Permitted {
            tests: tests(),
            verdicts: verdicts(words)?,
        });
    }
    if let Some(words) = &rule.required {
        expectation.requirements.push(Requirement::Required {
            tests: tests(),
            verdicts: verdicts(words)?,
        });
    }
    if let Some(score) = &rule.score {
        let (least, most) = match score {
            ScoreYaml::Exactly(score) => (*score, *score),
            ScoreYaml::Between(least, most) => (*least, *most),
        };
        expectation.requirements.push(Requirement::Score {
            group: tests(),
            least,
            most,
        });
    }
    if let Some(message) = rule.message.as_ref().filter(|message| !message.is_empty()) {
        expectation.requirements.push(Requirement::Message(message.clone()));
    }
    let says_something = rule.permitted.is_some() || rule.required.is_some() || rule.score.is_some();
    if says_something {
        expectation.decided_by_first_failure = false;
        if tests().is_none()
            && let Some(words) = &rule.required
        {
            expectation.shown.splice(0..0, words.iter().cloned());
        }
    }
    Ok(())
}

fn is_test_glob(name: &str) -> bool {
    name.starts_with("sample") || name.starts_with("secret")
}

/// A file or directory below `submissions/`, or one that it lies in, matches the glob.
fn matches(glob: &str, name: &str) -> bool {
    glob_matches(glob, name)
}

/// The language that all its source files agree on; Python 2 is told by its first line.
fn language_of(path: &Path) -> Result<Option<String>, PackageError> {
    let files = if path.is_dir() {
        all_below(path)?
    } else {
        vec![path.to_owned()]
    };
    let mut found: Option<&str> = None;
    for file in &files {
        let extension = file
            .extension()
            .and_then(|extension| extension.to_str())
            .unwrap_or_default();
        let Some((_, language)) = LANGUAGES.iter().find(|(known, _)| *known == extension) else {
            continue;
        };
        let is_python_2 = *language == "Python 3"
            && start_of(file)?
                .lines()
                .next()
                .is_some_and(|line| line.starts_with("#!") && line.contains("python2"));
        let language = if is_python_2 { "Python 2" } else { language };
        if found.is_some_and(|found| found != language) {
            return Ok(None);
        }
        found = Some(language);
    }
    Ok(found.map(str::to_owned))
}

fn all_below(directory: &Path) -> Result<Vec<PathBuf>, PackageError> {
    let mut files = Vec::new();
    for path in entries(directory)? {
        if path.is_dir() {
            files.extend(all_below(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

fn start_of(path: &Path) -> Result<String, PackageError> {
    let bytes = fs::read(path).map_err(|source| PackageError::Read {
        path: path.to_owned(),
        source,
    })?;
    Ok(String::from_utf8_lossy(&bytes[..bytes.len().min(SEARCHED)]).into_owned())
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
