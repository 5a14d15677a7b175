//! Before a fork no process imports a file of a submission, whatever the submission declares or brings along.
//!
//! Beside each program lie files with the names of all modules of the standard library. A program that imports one of
//! them leaves a mark, which is looked for from outside: after the preparation there is none, and after a forked run
//! only the program's own.
//!
//! Beside such files no library is imported ahead. So beside other programs lie only files that are called like modules
//! that libraries import, and beside some there is nothing: those show what is imported ahead without them.

use std::collections::BTreeSet;

use assize::sandbox::{Program as Start, RunRequest, Session, Stdin};
use futures::StreamExt as _;

use crate::boxes::{Mode, Walls, put, run_with};
use crate::runs_everything::runs_everything;

/// Boxes at once.
const AT_ONCE: usize = 4;

/// Where marks are left, below the work directory.
const MARKS: &str = "marks";

const LEAVES_A_MARK: &str = "\
import os
with open('/work/marks', 'a') as marks:
    print(os.getpid(), __name__, file=marks)
raise ImportError('not the one of the library')
";

const TELLS_ITS_ID: &str = "import os\nprint(os.getpid())\n";

const NAMES: &str = "\
import encodings, pkgutil, sys
print(*sorted(sys.stdlib_module_names - {'__main__', '__future__', 'encodings'}))
print(*sorted(module.name for module in pkgutil.iter_modules(encodings.__path__)))
";

/// Modules that pandas imports, and numpy does not.
const OF_PANDAS: [&str; 3] = ["dateutil", "pytz", "six"];

/// What lies beside a program.
#[derive(Clone, Copy)]
enum Beside {
    StandardLibrary,
    ModulesOfPandas,
    Nothing,
}

struct Case {
    name: String,
    source: String,
    beside: Beside,
    /// Whether it is forked; `None` where both are right.
    forks: Option<bool>,
}

#[tokio::test(flavor = "multi_thread")]
async fn no_file_of_a_submission_is_imported_before_a_fork() {
    let walls = Walls::raise().await;
    let (modules, codecs) = names(&walls).await;
    assert!(modules.len() > 200 && codecs.len() > 80, "{modules:?} {codecs:?}");
    let mut cases = other_ways();
    cases.extend(beside_libraries());
    let step = if runs_everything() { 1 } else { 8 };
    cases.extend(codecs.iter().step_by(step).map(|codec| declaring(codec)));
    let walls_of_all = &walls;
    let modules = &modules;
    let failures: Vec<String> = futures::stream::iter(&cases)
        .map(|case| async move { failure(walls_of_all, modules, case).await })
        .buffer_unordered(AT_ONCE)
        .filter_map(std::future::ready)
        .collect()
        .await;
    walls.close().await;
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn declaring(codec: &str) -> Case {
    let is_utf_8 = ["utf_8", "utf_8_sig"].contains(&codec);
    Case {
        name: format!("declares {codec}"),
        source: format!("# -*- coding: {codec} -*-\n{TELLS_ITS_ID}"),
        beside: Beside::StandardLibrary,
        forks: Some(is_utf_8),
    }
}

fn other_ways() -> Vec<Case> {
    let case = |name: &str, head: &str, forks| Case {
        name: name.to_owned(),
        source: format!("{head}\n{TELLS_ITS_ID}"),
        beside: Beside::StandardLibrary,
        forks,
    };
    vec![
        case("declares nothing", "", Some(true)),
        case(
            "declares UTF8 in its own way",
            "# vim: set fileencoding=UTF8 :",
            Some(true),
        ),
        case(
            "declares in the second line",
            "#!/usr/bin/python3\n# coding: cp932",
            Some(false),
        ),
        case("declares behind a form feed", "\x0c # coding=euc_jp", Some(false)),
        case("declares what is unknown", "# coding: stringprep", Some(false)),
        case("declares behind a carriage return", "#\r# coding: big5", Some(false)),
        case("speaks of coding in the third line", "#\n#\n# coding: big5", Some(true)),
        case("is warned of while it is compiled", "a = '\\d'\nassert (a, 1)", None),
        case("is warned of by a comparison", "a = 1\na is 1", None),
        case("imports numpy", "try: import numpy\nexcept ImportError: pass", None),
        case("imports pandas", "try: import pandas\nexcept ImportError: pass", None),
        case("is from the future", "from __future__ import annotations", Some(true)),
    ]
}

/// A library is imported ahead, and with it the modules that it needs: where files are called like those, the program is not
/// forked behind that.
fn beside_libraries() -> Vec<Case> {
    let cases = [
        (
            "imports pandas, beside which is nothing",
            "pandas",
            Beside::Nothing,
            true,
        ),
        (
            "imports pandas beside modules of pandas",
            "pandas",
            Beside::ModulesOfPandas,
            false,
        ),
        (
            "imports numpy beside modules of pandas",
            "numpy",
            Beside::ModulesOfPandas,
            true,
        ),
    ];
    let case = |(name, library, beside, forks): (&str, &str, Beside, bool)| Case {
        name: name.to_owned(),
        source: format!("import {library}\n{TELLS_ITS_ID}"),
        beside,
        forks: Some(forks),
    };
    cases.map(case).into()
}

async fn names(walls: &Walls) -> (Vec<String>, Vec<String>) {
    let mut session = walls.open_box(Mode::Exec).await.unwrap();
    put(&mut session, "main.py", NAMES.as_bytes()).await.unwrap();
    let printed = run(walls, &mut session, false).await;
    session.destroy().await;
    let mut lines = printed.lines().map(|line| line.split(' ').map(str::to_owned).collect());
    (lines.next().unwrap(), lines.next().unwrap())
}

async fn failure(walls: &Walls, modules: &[String], case: &Case) -> Option<String> {
    let mut session = walls.open_box(Mode::Fork).await.unwrap();
    session.start_zygote(&walls.zygote_without_libraries()).await.unwrap();
    put(&mut session, "main.py", case.source.as_bytes()).await.unwrap();
    let modules: Vec<&str> = match case.beside {
        Beside::StandardLibrary => modules.iter().map(String::as_str).collect(),
        Beside::ModulesOfPandas => OF_PANDAS.into(),
        Beside::Nothing => Vec::new(),
    };
    for module in modules {
        let path = format!("{module}.py");
        put(&mut session, &path, LEAVES_A_MARK.as_bytes()).await.unwrap();
    }
    session.prepare(&walls.prepare_only_main()).await.unwrap();
    let failure = check(walls, &mut session, case).await.err();
    session.destroy().await;
    failure.map(|failure| format!("a program that {}: {failure}", case.name))
}

async fn check(walls: &Walls, session: &mut Session, case: &Case) -> Result<(), String> {
    let before = marks(session).await;
    if !before.is_empty() {
        return Err(format!("its files were imported before a fork: {before:?}"));
    }
    if case.forks.is_some_and(|forks| forks != session.forks()) {
        return Err(format!("forked: {}", session.forks()));
    }
    if !session.forks() {
        return Ok(());
    }
    let own = run(walls, session, true).await.trim().to_owned();
    let others: Vec<String> = marks(session).await;
    let others: BTreeSet<&String> = others
        .iter()
        .filter(|mark| mark.split(' ').next() != Some(&own))
        .collect();
    match others.is_empty() {
        true => Ok(()),
        false => Err(format!("process {own} ran, and others imported its files: {others:?}")),
    }
}

async fn marks(session: &mut Session) -> Vec<String> {
    let fetched = session.fetch(MARKS, 60_000).await.unwrap();
    let text = fetched.content.unwrap_or_default();
    String::from_utf8(text).unwrap().lines().map(str::to_owned).collect()
}

async fn run(walls: &Walls, session: &mut Session, fork: bool) -> String {
    let argv = walls.command_of_main();
    let program = match fork {
        true => Start::Fork { argv },
        false => Start::Exec {
            argv,
            env: walls.python().env.clone(),
        },
    };
    let request = RunRequest {
        program,
        stdin: Stdin::Pipe,
        limits: walls.limits_of(std::time::Duration::from_secs(30)),
        then_fetch: None,
        then_reset: false,
    };
    let (_facts, stdout) = run_with(session, &request, b"").await.unwrap();
    String::from_utf8(stdout).unwrap()
}
