//! Charts of the last hour, drawn by the service as SVG: where no script runs, and for who does not see them there is a sentence.

use crate::store::JudgedMinute;

/// Minutes from left to right.
const MINUTES: u32 = 60;
/// Size of the drawing, and of the margins in which numbers stand.
const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 130.0;
const LEFT: f64 = 34.0;
const TOP: f64 = 8.0;
const BOTTOM: f64 = 18.0;

/// A chart, ready to be written.
#[derive(Debug)]
pub(in crate::gateway::page) struct Chart {
    pub(in crate::gateway::page) title: &'static str,
    pub(in crate::gateway::page) summary: String,
    pub(in crate::gateway::page) bars: Vec<Bar>,
    pub(in crate::gateway::page) lines: Vec<Line>,
    pub(in crate::gateway::page) grid: Vec<GridLine>,
}

/// What was counted in a minute.
#[derive(Debug)]
pub(in crate::gateway::page) struct Bar {
    pub(in crate::gateway::page) x: String,
    pub(in crate::gateway::page) y: String,
    pub(in crate::gateway::page) width: String,
    pub(in crate::gateway::page) height: String,
}

/// A line through minutes that follow each other.
#[derive(Debug)]
pub(in crate::gateway::page) struct Line {
    pub(in crate::gateway::page) class: &'static str,
    pub(in crate::gateway::page) name: &'static str,
    pub(in crate::gateway::page) path: String,
}

/// A line across, with its number.
#[derive(Debug)]
pub(in crate::gateway::page) struct GridLine {
    pub(in crate::gateway::page) y: String,
    pub(in crate::gateway::page) label: String,
}

/// How many submissions were judged in each minute.
pub(in crate::gateway::page) fn throughput(minutes: &[JudgedMinute]) -> Chart {
    let total: i64 = minutes.iter().map(|minute| minute.judged).sum();
    let most = minutes.iter().map(|minute| minute.judged).max().unwrap_or(0);
    let scale = Scale::to(count(most), 4.0);
    let width = (WIDTH - LEFT) / f64::from(MINUTES);
    let bars = minutes.iter().filter_map(|minute| {
        let (x, y) = (x_of(minute)?, scale.y(count(minute.judged)));
        Some(Bar {
            x: number(x),
            y: number(y),
            width: number(width * 0.8),
            height: number(HEIGHT - BOTTOM - y),
        })
    });
    Chart {
        title: "Judged per minute",
        summary: format!("Submissions that were judged in the last hour: {total}, at most {most} in a minute."),
        bars: bars.collect(),
        lines: Vec::new(),
        grid: scale.grid(),
    }
}

/// How long submissions took from when a worker had them.
pub(in crate::gateway::page) fn latency(minutes: &[JudgedMinute]) -> Chart {
    let most = minutes.iter().map(|minute| minute.p95_s).fold(0.0, f64::max);
    let scale = Scale::to(most, 0.05);
    let line = |class, name, of: fn(&JudgedMinute) -> f64| Line {
        class,
        name,
        path: path(minutes, &scale, of),
    };
    let summary = match minutes.iter().min_by_key(|minute| minute.ago) {
        Some(last) => format!(
            "In the last minute with verdicts half of the submissions took at most {}, and 95 in 100 at most {}.",
            seconds(last.median_s),
            seconds(last.p95_s)
        ),
        None => "Nothing was judged in the last hour.".to_owned(),
    };
    Chart {
        title: "Seconds from worker to verdict",
        summary,
        bars: Vec::new(),
        lines: vec![
            line("p95", "95 in 100", |minute| minute.p95_s),
            line("median", "half", |minute| minute.median_s),
        ],
        grid: scale.grid(),
    }
}

/// A time for people.
pub(in crate::gateway::page) fn seconds(seconds: f64) -> String {
    match seconds {
        ..10.0 => format!("{seconds:.2} s"),
        ..100.0 => format!("{seconds:.1} s"),
        _ => format!("{seconds:.0} s"),
    }
}

#[expect(clippy::cast_precision_loss, reason = "so many are never judged in an hour")]
fn count(count: i64) -> f64 {
    count as f64
}

fn number(value: f64) -> String {
    format!("{value:.1}")
}

/// The left edge of a minute, the latest on the right; `None` for what is older than the chart.
fn x_of(minute: &JudgedMinute) -> Option<f64> {
    let ago = u32::try_from(minute.ago).ok().filter(|ago| *ago < MINUTES)?;
    let width = (WIDTH - LEFT) / f64::from(MINUTES);
    Some(LEFT + f64::from(MINUTES - 1 - ago) * width)
}

/// Lines between neighbours, and a short stroke for a minute that has none.
fn path(minutes: &[JudgedMinute], scale: &Scale, of: fn(&JudgedMinute) -> f64) -> String {
    let mut path = String::new();
    let mut before = None;
    for minute in minutes {
        let Some(x) = x_of(minute) else { continue };
        let half = (WIDTH - LEFT) / f64::from(MINUTES) / 2.0;
        let (x, y) = (number(x + half), number(scale.y(of(minute))));
        if before == Some(minute.ago - 1) {
            path.push_str(&format!("L{x} {y}"));
        } else {
            path.push_str(&format!("M{x} {y}h0.1"));
        }
        before = Some(minute.ago);
    }
    path
}

/// From 0 to a round number.
#[derive(Debug)]
struct Scale {
    top: f64,
}

impl Scale {
    /// Up to `most`, and at least `least`.
    fn to(most: f64, least: f64) -> Self {
        let most = most.max(least);
        let magnitude = 10_f64.powf(most.log10().floor());
        let steps = [1.0, 2.0, 4.0, 10.0];
        let top = steps.iter().map(|step| step * magnitude).find(|top| *top >= most);
        Self {
            top: top.unwrap_or(most),
        }
    }

    fn y(&self, value: f64) -> f64 {
        let part = (value / self.top).clamp(0.0, 1.0);
        HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP)
    }

    /// Lines at nothing, half and all of it, with as many digits as the half needs.
    fn grid(&self) -> Vec<GridLine> {
        let half = self.top / 2.0;
        let digits = (0..6).find(|digits| half * 10_f64.powi(*digits) > 0.99).unwrap_or(6);
        let digits = usize::try_from(digits).unwrap_or_default();
        [0.0, half, self.top]
            .into_iter()
            .map(|value| GridLine {
                y: number(self.y(value)),
                label: format!("{value:.digits$}"),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_ends_at_a_round_number_that_nothing_exceeds() {
        for (most, top) in [
            (0.0, 4.0),
            (4.0, 4.0),
            (4.1, 10.0),
            (11.0, 20.0),
            (399.0, 400.0),
            (401.0, 1000.0),
        ] {
            assert!((Scale::to(most, 4.0).top - top).abs() < 1e-9, "{most}");
        }
    }

    #[test]
    fn numbers_beside_a_chart_have_as_many_digits_as_they_need() {
        for (most, labels) in [
            (3.0, ["0", "2", "4"]),
            (0.9, ["0.0", "0.5", "1.0"]),
            (0.1, ["0.00", "0.05", "0.10"]),
        ] {
            let grid = Scale::to(most, 0.01).grid();
            assert_eq!(grid.iter().map(|line| &*line.label).collect::<Vec<_>>(), labels);
        }
    }

    #[test]
    fn minutes_that_follow_each_other_are_joined_and_others_are_not() {
        let minute = |ago| JudgedMinute {
            ago,
            judged: 2,
            median_s: 0.1,
            p95_s: 0.2,
        };
        let chart = latency(&[minute(0), minute(1), minute(7), minute(99)]);
        let path = &chart.lines[0].path;
        assert_eq!((path.matches('M').count(), path.matches('L').count()), (2, 1), "{path}");
        assert_eq!(throughput(&[minute(0), minute(99)]).bars.len(), 1);
    }
}
