//! Unit tests whose own memory, or whose box's, the program takes.

use assize::contract::Verdict;

use crate::judge::JudgeFixture;
use crate::units::cheat_and_twin;

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_takes_the_memory_of_its_tests_or_of_its_box_has_failed_and_is_no_judge_error() {
    // So little that what the program hands over exceeds it before the program meets a limit of its own.
    let fixture = JudgeFixture::with(|settings| settings.validators.memory_bytes = 192 << 20).await;
    let mut wrong = Vec::new();
    for name in [
        "units_many_large_globals",
        "units_box_dies_before_the_first_test",
        "units_box_dies_at_import",
    ] {
        let (cheat, twin) = cheat_and_twin(name);
        let failed = fixture.try_to_judge(&cheat).await;
        let is_mark = failed.as_ref().is_ok_and(|judgement| {
            let tests = &judgement.tests;
            !tests.is_empty() && tests.iter().all(|test| test.verdict != Verdict::Ac)
        });
        let passed = fixture.try_to_judge(&twin).await;
        if !is_mark
            || passed
                .as_ref()
                .map_or(true, |judgement| judgement.verdict != Verdict::Ac)
        {
            wrong.push(format!("{name}: {failed:#?}, its twin {passed:#?}"));
        }
    }
    fixture.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
