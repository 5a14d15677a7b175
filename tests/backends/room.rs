//! What is put into boxes: files that cannot lie beside each other, files that are too many or too large, and what is said of
//! those. The host is not taken for the culprit.

use std::fs;

use assize::config::Settings;
use assize::contract::{RejectionCode, SourceFile, Submission, Verdict, parse};
use assize::judge::JudgeFailure;
use assize::problem::ProblemStore;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::fixture::TestBoxes;
use crate::judging::{JudgeFixture, submission};

/// A problem that adds files to submissions, in all tests and in one.
fn laying(directory: &TempDir) {
    for (name, content) in [
        ("problem.yaml", "name: Laying\n"),
        ("data/secret/1.in", "1\n"),
        ("data/secret/1.ans", "1\n"),
        ("data/secret/1.files/table/words.txt", "one\n"),
        ("include/python3/lib/util.py", "ONE = 1\n"),
    ] {
        let path = directory.path().join("laying").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

fn judge_with(boxes: &TestBoxes, problems: &TempDir, change: impl FnOnce(&mut Settings)) -> JudgeFixture {
    let mut settings = boxes.settings.clone();
    settings.problems.directory = problems.path().to_owned();
    settings.offer_all_languages();
    change(&mut settings);
    let problems = ProblemStore::open(&settings.problems).unwrap();
    JudgeFixture::of(&settings, boxes.pool(1, 0), problems)
}

/// A program with this file beside it, and what it is held against.
fn beside(file: &str, target: &Value) -> Submission {
    let mut message = json!({
        "type": "assize.submission.v1", "id": Uuid::new_v4(), "language": "python3", "entry_point": "main.py",
        "files": [{ "name": "main.py", "content": "def one(): return 1\nprint(one())" }, { "name": file, "content": "" }],
    });
    let fields = target.as_object().unwrap().clone();
    message.as_object_mut().unwrap().extend(fields);
    let caps = assize::config::load(None).unwrap().submission.caps();
    parse(message.to_string().as_bytes(), &caps).unwrap()
}

pub(crate) async fn a_file_that_cannot_lie_beside_what_is_laid_for_the_tests_is_refused_by_name(boxes: &TestBoxes) {
    let problems = TempDir::new().unwrap();
    laying(&problems);
    let judge = judge_with(boxes, &problems, |_settings| {});
    let calls = json!({ "tests": [{ "call": "one", "expect": 1 }] });
    let asserts = json!({ "asserts": ["assert one() == 1"] });
    let units = json!({ "pytest": { "test_it.py": "from solution import one\ndef test_it(): assert one() == 1" } });
    let problem = json!({ "problem": { "id": "laying" } });
    let run = json!({
        "language": "cpp", "run": { "inputs": [{ "files": [{ "name": "program/x", "content": "" }] }] },
    });
    let rows = [
        (&calls, "assize_call_function.py/x.py", "files[1].name"),
        (&calls, "assize_call.json/x", "files[1].name"),
        (&asserts, "assize_serve_functions.py/x.py", "files[1].name"),
        (&asserts, "assize_call.json/x/y", "files[1].name"),
        (&units, "assize_serve_functions.py/x.py", "files[1].name"),
        (&problem, "lib", "files[1].name"),
        (&problem, "lib/util.py/x", "files[1].name"),
        (&problem, "table", "files[1].name"),
        (&problem, "table/words.txt/x", "files[1].name"),
        (&run, "x.h", "run.inputs"),
    ];
    for (target, file, field) in rows {
        let refused = judge.try_to_judge(&beside(file, target)).await.unwrap_err();
        let JudgeFailure::Rejected(rejected) = refused else {
            panic!("{file}: {refused}");
        };
        let told = (rejected.code, rejected.field.as_deref());
        assert_eq!(told, (RejectionCode::FileName, Some(field)), "{file}");
    }
    let taken = [
        beside("assize_call_function.py", &calls),
        beside("assize_report.json/x", &problem),
        beside("lib/util.py", &problem),
        beside("table/words.txt", &problem),
    ];
    for submission in taken {
        judge.judge.check(&submission).await.unwrap();
    }
    judge.close().await;
}

pub(crate) async fn what_does_not_fit_into_a_box_leaves_it_in_doubt_whether_the_host_is_to_blame(boxes: &TestBoxes) {
    if !boxes.facts().limits_memory {
        // Files of plain processes lie on the disk of the host.
        return;
    }
    let problems = TempDir::new().unwrap();
    let judge = judge_with(boxes, &problems, |settings| settings.sandbox.scratch_bytes = 128 << 10);
    let mut large = submission("print(5)", &[("", "5\n")]);
    large.files.push(SourceFile {
        name: "words.txt".to_owned(),
        content: vec![b'x'; 256 << 10],
    });
    let JudgeFailure::Error(error) = judge.try_to_judge(&large).await.unwrap_err() else {
        panic!("it was rejected");
    };
    assert!(error.has_other_explanations(), "{error}");
    assert!(
        error.with_remedy().contains("sandbox.scratch_bytes"),
        "{}",
        error.with_remedy()
    );
    let fits = judge.judge(&submission("print(5)", &[("", "5\n")])).await;
    assert_eq!(fits.verdict, Verdict::Ac);
    judge.close().await;
}

pub(crate) async fn files_that_take_more_memory_than_the_submission_may_have_exceed_its_limit(boxes: &TestBoxes) {
    if !boxes.facts().limits_memory {
        return;
    }
    let problems = TempDir::new().unwrap();
    let judge = judge_with(boxes, &problems, |_settings| {});
    let mut large = submission("print(5)", &[("", "5\n")]);
    large.limits.memory_bytes = Some(16 << 20);
    large.files.push(SourceFile {
        name: "words.txt".to_owned(),
        content: vec![b'x'; 24 << 20],
    });
    let judged = judge.judge(&large).await;
    assert_eq!(judged.verdict, Verdict::Mle, "{judged:#?}");
    judge.close().await;
}

pub(crate) async fn however_much_of_standard_error_is_to_be_kept_a_run_can_be_reported(boxes: &TestBoxes) {
    let problems = TempDir::new().unwrap();
    let judge = judge_with(boxes, &problems, |settings| settings.judge.excerpt_bytes = 1 << 20);
    let loud = "import sys\nsys.stderr.write('e' * 1_000_000)\nprint(5)";
    let judged = judge.judge(&submission(loud, &[("", "5\n")])).await;
    assert_eq!(judged.verdict, Verdict::Ac, "{:?}", judged.message);
    assert_eq!(judged.tests[0].stderr.bytes, 1_000_000);
    judge.close().await;
}
