//! Attacks in groups: a control submission after each group shows whether the judge still judges, and a bisection finds
//! the attack after which it does not.

use std::ops::Range;

use futures::StreamExt as _;
use futures::stream::{self, Stream};

use crate::attack::{Attack, AttackFixture, AttackRun, Outcome};

/// Attacks between two control submissions.
const GROUP: usize = 8;

impl AttackRun {
    /// Runs attacks, `at_once` groups at the same time, and gives the outcome of each as soon as its group is over.
    pub fn groups<'a>(
        &'a self,
        attacks: &'a [Attack],
        fixture: &'a AttackFixture,
        at_once: usize,
    ) -> impl Stream<Item = Outcome> + 'a {
        stream::iter(attacks.chunks(GROUP))
            .map(move |group| self.group(group, fixture))
            .buffer_unordered(at_once)
            .flat_map(stream::iter)
    }

    /// Runs attacks one after the other, then the control submission. When that fails, the attacks that made it fail are
    /// broken.
    pub async fn group(&self, attacks: &[Attack], fixture: &AttackFixture) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(attacks.len());
        for attack in attacks {
            outcomes.push(self.run(attack, fixture).await);
        }
        if let Err(reason) = self.control().await {
            self.blame(attacks, fixture, &mut outcomes, &reason).await;
        }
        outcomes
    }

    /// Marks the attacks after which the control submission fails again; all of them where none does so alone.
    async fn blame(&self, attacks: &[Attack], fixture: &AttackFixture, outcomes: &mut [Outcome], reason: &str) {
        let found = culprits(attacks.len(), async |range| {
            for attack in &attacks[range] {
                self.run(attack, fixture).await;
            }
            self.control().await.err()
        });
        let found = found.await;
        if found.is_empty() {
            for outcome in outcomes {
                outcome.break_by(format!("a control submission after it and its neighbours got {reason}"));
            }
            return;
        }
        for (number, reason) in found {
            outcomes[number].break_by(format!("a control submission after it got {reason}"));
        }
    }
}

/// Which of `count` attacks make the control fail, each with how; `control_after` runs some of them, then the control.
async fn culprits(
    count: usize,
    mut control_after: impl AsyncFnMut(Range<usize>) -> Option<String>,
) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut ranges: Vec<_> = std::iter::once(0..count).collect();
    while let Some(range) = ranges.pop() {
        let Some(reason) = control_after(range.clone()).await else {
            continue;
        };
        if range.len() == 1 {
            found.push((range.start, reason));
        } else {
            let middle = range.start + range.len() / 2;
            ranges.extend([range.start..middle, middle..range.end]);
        }
    }
    found
}

impl Outcome {
    fn break_by(&mut self, reason: String) {
        self.held = false;
        self.broken.push(reason);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn bisection_finds_every_attack_that_makes_the_control_fail() {
        for guilty in [vec![], vec![0], vec![7], vec![3, 4], vec![0, 2, 5, 7]] {
            let mut runs = 0;
            let found = culprits(8, async |range| {
                runs += 1;
                let fails = guilty.iter().any(|attack| range.contains(attack));
                fails.then(|| "WA".to_owned())
            });
            let mut found: Vec<usize> = found.await.into_iter().map(|(attack, _)| attack).collect();
            found.sort_unstable();
            assert_eq!(found, guilty);
            assert!(runs <= 15, "{runs} runs for {guilty:?}");
        }
    }

    #[tokio::test]
    async fn bisection_blames_no_single_attack_for_what_only_several_do_together() {
        let found = culprits(8, async |range| (range.len() > 4).then(|| "WA".to_owned()));
        assert!(found.await.is_empty());
    }
}
