//! The bench of cheats: each of the corpus, and its honest twin, in every way to grade, forked and executed.
//!
//! `docs/cheats.md` says what each tries and what stops it. `ASSIZE_ONLY=NAME` takes those with a part of a name,
//! in every way.

mod as_code;
mod corpus;
mod ways;

use assize::config::Startup;
use assize::contract::{Submission, Verdict};

use crate::judge::{JudgeFixture, python};
use crate::runs_everything::runs_everything;
use crate::short_form::is_wanted;
use corpus::{Cheat, JudgedBy, cheats, only};
use ways::{WAYS, Way};

/// A program, and what may become of it.
struct Entry {
    what: String,
    program: Submission,
    /// Verdicts on its tests that are wrong; `None` of an honest program, which has to pass all.
    wins: Option<&'static [Verdict]>,
}

/// What the run that is wanted judges of those that are started in this way. The short run makes one call of each cheat
/// after the other, and takes some in another way by turns.
fn entries(startup: Startup) -> Vec<Entry> {
    let cheats = cheats();
    let mut entries = Vec::new();
    for (place, cheat) in cheats.iter().enumerate() {
        let own: Vec<Way> = WAYS.into_iter().filter(|way| way.is_of(cheat)).collect();
        for (turn, way) in own.iter().enumerate().filter(|(_, way)| way.startup == startup) {
            let is_first = turn == 0 && matches!(cheat.judged_by, JudgedBy::Calls(_));
            let is_whole = runs_everything() || only().is_some();
            if is_first || is_whole || is_wanted(place) && place / 3 % own.len() == turn {
                entries.extend(both(cheat, *way));
            }
        }
    }
    entries
}

fn both(cheat: &Cheat, way: Way) -> [Entry; 2] {
    let said = |who: &str| format!("{who} {} by {:?}, {:?}", cheat.name, way.tests, way.startup);
    [
        Entry {
            what: said("the cheat"),
            program: way.submission(cheat, &cheat.cheat),
            wins: Some(way.wins()),
        },
        Entry {
            what: said("the honest twin of"),
            program: way.submission(cheat, &cheat.twin),
            wins: None,
        },
    ]
}

async fn no_cheat_wins(startup: Startup) {
    let fixture = JudgeFixture::behind_the_cheapest_wall_with(|settings| python(settings).startup = startup).await;
    let entries = entries(startup);
    let judging = fixture.none_is_wrong(&entries, async |fixture, entry| {
        let judgement = match fixture.try_to_judge(&entry.program).await {
            Ok(judgement) => judgement,
            Err(failure) => return Some(format!("{}: {failure}", entry.what)),
        };
        let verdicts: Vec<Verdict> = judgement.tests.iter().map(|test| test.verdict).collect();
        let is_right = match entry.wins {
            None => judgement.verdict == Verdict::Ac,
            Some(wins) => !verdicts.is_empty() && !verdicts.iter().any(|verdict| wins.contains(verdict)),
        };
        (!is_right).then(|| format!("{}: {verdicts:?} {:#?}", entry.what, judgement.tests))
    });
    judging.await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_cheat_that_is_forked_passes_a_test_and_every_honest_twin_passes_all() {
    no_cheat_wins(Startup::Fork).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_cheat_that_is_executed_passes_a_test_and_every_honest_twin_passes_all() {
    no_cheat_wins(Startup::Exec).await;
}

#[test]
fn the_bench_has_as_many_cheats_and_ways_as_it_is_said_to_have() {
    let cheats = cheats();
    if only().is_none() {
        let page = std::fs::read_to_string("docs/cheats.md").unwrap();
        assert_eq!(
            cheats.len(),
            page.lines().filter(|line| line.starts_with("| `")).count()
        );
    }
    for cheat in &cheats {
        let ways = WAYS.iter().filter(|way| way.is_of(cheat)).count();
        assert!(ways == WAYS.len() || ways == 2, "{}: {ways} ways", cheat.name);
    }
}
