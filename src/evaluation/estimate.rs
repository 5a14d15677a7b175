//! What part of the tasks is solved within `k` tries, and how sure that is.

/// For a confidence of 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// Between what an estimate lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Not below.
    pub low: f64,
    /// Not above.
    pub high: f64,
}

/// The probability that of `k` candidates at least one solves the task, where `passed` of `all` do: `1 - C(all - passed,
/// k) / C(all, k)`, without bias. `None` where there are fewer than `k`.
pub fn pass_at_k(all: u32, passed: u32, k: u32) -> Option<f64> {
    if k == 0 || all < k || passed > all {
        return None;
    }
    if all - passed < k {
        return Some(1.0);
    }
    let none_passes: f64 = (all - passed + 1..=all)
        .map(|i| 1.0 - f64::from(k) / f64::from(i))
        .product();
    Some(1.0 - none_passes)
}

/// The score interval of Wilson at 95 %, for the mean of `tasks` figures between 0 and 1.
///
/// It is made for trials that succeed or fail. Figures between 0 and 1 with the same mean vary no more than these, so it is
/// never too narrow; and where all tasks are solved, or none is, it does not shrink to nothing.
#[expect(clippy::cast_precision_loss, reason = "no data set has so many tasks")]
pub fn wilson(mean: f64, tasks: usize) -> Interval {
    if tasks == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let n = tasks as f64;
    let square = Z * Z;
    let center = (mean + square / (2.0 * n)) / (1.0 + square / n);
    let half = Z / (1.0 + square / n) * (mean * (1.0 - mean) / n + square / (4.0 * n * n)).sqrt();
    Interval {
        low: (center - half).clamp(0.0, mean),
        high: (center + half).clamp(mean, 1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(n: u32, k: u32) -> f64 {
        (0..k).map(|i| f64::from(n - i) / f64::from(k - i)).product()
    }

    #[test]
    fn the_estimate_is_the_part_of_all_choices_in_which_one_passes() {
        for all in 1..=12 {
            for (passed, k) in (0..=all).flat_map(|passed| (1..=all).map(move |k| (passed, k))) {
                let failing = if all - passed < k { 0.0 } else { choose(all - passed, k) };
                let expected = 1.0 - failing / choose(all, k);
                let estimate = pass_at_k(all, passed, k).unwrap();
                assert!((estimate - expected).abs() < 1e-12, "{all} {passed} {k}");
            }
        }
        assert_eq!([pass_at_k(3, 1, 4), pass_at_k(3, 1, 0), pass_at_k(3, 4, 1)], [None; 3]);
    }

    #[test]
    fn the_interval_is_that_of_the_tables_and_holds_the_estimate() {
        // Of 10 trials 8, and of 164 all.
        for (mean, tasks, low, high) in [(0.8, 10, 0.490, 0.943), (1.0, 164, 0.977, 1.0), (0.0, 4, 0.0, 0.490)] {
            let interval = wilson(mean, tasks);
            let is_near = |one: f64, other: f64| (one - other).abs() < 0.001;
            assert!(
                is_near(interval.low, low) && is_near(interval.high, high),
                "{interval:?}"
            );
        }
    }
}
