//! The ratios as bars, on a scale on which twice as fast is as far as twice as slow.

use anyhow::Context as _;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::measurements::latency::{CONFIRMED, PLAIN};
use crate::results::Results;
use crate::workload;

const WIDTH: u32 = 820;
const ROW: u32 = 24;
const HEAD: u32 = 46;
const LEFT: i32 = 220;
const RIGHT: i32 = 760;

/// Sizes of the letters.
const SMALL: i32 = 16;
const LARGE: i32 = 18;

/// Colours that can be read on white and on black.
const TEXT: RGBColor = RGBColor(125, 133, 144);
const OURS: RGBColor = RGBColor(46, 134, 222);
const OTHERS: RGBColor = RGBColor(160, 166, 173);

/// What a bar shows.
struct Row {
    label: String,
    ratio: f64,
    ours: bool,
}

/// Bars that belong together.
struct Group {
    title: String,
    rows: Vec<Row>,
}

/// Where ratios lie on the drawing.
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    fn of(groups: &[Group]) -> Self {
        let ratios = || groups.iter().flat_map(|group| &group.rows).map(|row| row.ratio);
        Self {
            low: ratios().fold(0.5, f64::min).log10().floor(),
            high: ratios().fold(2.0, f64::max).log10().ceil(),
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a place on the drawing")]
    fn place(&self, ratio: f64) -> i32 {
        LEFT + ((ratio.log10() - self.low) / (self.high - self.low) * f64::from(RIGHT - LEFT)) as i32
    }

    /// Powers of ten, the ends included.
    fn ticks(&self) -> impl Iterator<Item = f64> {
        let (mut power, high) = (self.low, self.high);
        std::iter::from_fn(move || {
            let tick = (power <= high).then(|| 10_f64.powf(power));
            power += 1.0;
            tick
        })
    }
}

/// Draws latencies and throughput as ratios to plain starts of Python.
pub(crate) fn svg(results: &Results) -> anyhow::Result<String> {
    let groups = groups(results);
    let rows: usize = groups.iter().map(|group| group.rows.len()).sum();
    let height = HEAD * u32::try_from(groups.len())? + ROW * u32::try_from(rows)? + 2 * HEAD;
    let mut drawn = String::new();
    {
        let area = SVGBackend::with_string(&mut drawn, (WIDTH, height)).into_drawing_area();
        draw(&area, &groups).context("cannot draw the chart")?;
        area.present().context("cannot draw the chart")?;
    }
    Ok(drawn)
}

fn groups(results: &Results) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for latency in &results.latencies {
        let ours = latency.span == CONFIRMED;
        let reference = !latency.way.starts_with("assize") && latency.way != PLAIN;
        if !(ours || reference) {
            continue;
        }
        let title = format!(
            "{}, {}: time of one submission; less is better",
            latency.workload,
            workload::title(&latency.workload)
        );
        let row = Row {
            label: latency.way.clone(),
            ratio: latency.ratio,
            ours,
        };
        match groups.last_mut().filter(|group| group.title == title) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group { title, rows: vec![row] }),
        }
    }
    let plain = results.backlogs.iter().find(|backlog| backlog.way == PLAIN);
    if let Some(plain) = plain {
        let all_slots = results
            .backlogs
            .iter()
            .filter(|backlog| backlog.slots == results.slots && backlog.way != PLAIN);
        let mut rows: Vec<Row> = all_slots
            .map(|backlog| Row {
                label: backlog.way.clone(),
                ratio: backlog.per_second / plain.per_second,
                ours: backlog.way.starts_with("assize"),
            })
            .collect();
        rows.sort_by_key(|row| !row.ours);
        groups.push(Group {
            title: format!("W6, {}: submissions per second; more is better", workload::title("W6")),
            rows,
        });
    }
    groups
}

fn text(size: i32, horizontal: HPos) -> TextStyle<'static> {
    let style = TextStyle::from(("sans-serif", size).into_font()).color(&TEXT);
    style.pos(Pos::new(horizontal, VPos::Center))
}

/// A height in the units of the drawing.
fn pixels(height: u32) -> i32 {
    i32::try_from(height).unwrap_or(0)
}

type Drawn<B> = Result<(), DrawingAreaErrorKind<<B as DrawingBackend>::ErrorType>>;

fn draw<B: DrawingBackend>(area: &DrawingArea<B, Shift>, groups: &[Group]) -> Drawn<B> {
    let scale = Scale::of(groups);
    area.draw_text(
        "Ratios to python3 started once per test (= 1), on a logarithmic scale",
        &text(LARGE, HPos::Left),
        (12, 18),
    )?;
    let mut top = 36;
    for group in groups {
        area.draw_text(&group.title, &text(LARGE, HPos::Left), (12, top + 18))?;
        top += pixels(HEAD) - 8;
        let bottom = top + pixels(ROW) * i32::try_from(group.rows.len()).unwrap_or(0);
        draw_ticks(area, &scale, top - 2, bottom)?;
        for row in &group.rows {
            draw_row(area, &scale, row, top + pixels(ROW) / 2)?;
            top += pixels(ROW);
        }
        top += 8;
    }
    for tick in scale.ticks() {
        area.draw_text(
            &tick.to_string(),
            &text(SMALL, HPos::Center),
            (scale.place(tick), top + 8),
        )?;
    }
    Ok(())
}

/// Lines at the powers of ten, a heavier one at 1.
fn draw_ticks<B: DrawingBackend>(area: &DrawingArea<B, Shift>, scale: &Scale, top: i32, bottom: i32) -> Drawn<B> {
    for tick in scale.ticks() {
        let strength = if (tick - 1.0).abs() < f64::EPSILON { 1.0 } else { 0.3 };
        let line = vec![(scale.place(tick), top), (scale.place(tick), bottom)];
        area.draw(&PathElement::new(line, TEXT.mix(strength).stroke_width(1)))?;
    }
    Ok(())
}

/// A bar from 1 to the ratio, with its name and its value.
fn draw_row<B: DrawingBackend>(area: &DrawingArea<B, Shift>, scale: &Scale, row: &Row, middle: i32) -> Drawn<B> {
    let colour = if row.ours { OURS } else { OTHERS };
    let (from, to) = (scale.place(1.0), scale.place(row.ratio));
    let corners = [
        (from.min(to), middle - 8),
        (from.max(to).max(from.min(to) + 1), middle + 8),
    ];
    area.draw_text(&row.label, &text(SMALL, HPos::Right), (LEFT - 12, middle))?;
    area.draw(&Rectangle::new(corners, colour.filled()))?;
    let value = if row.ratio < 10.0 {
        format!("{:.2}", row.ratio)
    } else {
        format!("{:.0}", row.ratio)
    };
    let (side, at) = if to < from {
        (HPos::Right, to - 6)
    } else {
        (HPos::Left, to + 6)
    };
    area.draw_text(&value, &text(SMALL, side), (at, middle))
}
