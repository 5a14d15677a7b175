//! The ratios as bars, on a scale on which twice as fast is as far as twice as slow.

use anyhow::anyhow;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::cli::bench::figures::Figures;
use crate::cli::bench::latency::{CONFIRMED, PLAIN};

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

/// Draws latencies and throughput as ratios to plain starts of Python.
pub(super) fn svg(figures: &Figures) -> anyhow::Result<String> {
    let groups = groups(figures);
    let rows: usize = groups.iter().map(|group| group.rows.len()).sum();
    let height = HEAD * u32::try_from(groups.len())? + ROW * u32::try_from(rows)? + HEAD;
    let mut drawn = String::new();
    {
        let area = SVGBackend::with_string(&mut drawn, (WIDTH, height)).into_drawing_area();
        draw(&area, &groups).map_err(|error| anyhow!("cannot draw the chart: {error}"))?;
        area.present()
            .map_err(|error| anyhow!("cannot draw the chart: {error}"))?;
    }
    Ok(drawn)
}

fn groups(figures: &Figures) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for latency in &figures.latencies {
        let ours = latency.span == CONFIRMED;
        let reference = !latency.way.starts_with("assize") && latency.way != PLAIN;
        if !(ours || reference) {
            continue;
        }
        let title = format!(
            "{}: time of one submission, plain python3 per test = 1",
            latency.workload
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
    let plain = figures.floods.iter().find(|flood| flood.way == PLAIN);
    if let Some(plain) = plain {
        let all_slots = figures
            .floods
            .iter()
            .filter(|flood| flood.slots == figures.slots && flood.way != PLAIN);
        let mut rows: Vec<Row> = all_slots
            .map(|flood| Row {
                label: flood.way.clone(),
                ratio: flood.per_second / plain.per_second,
                ours: flood.way.starts_with("assize"),
            })
            .collect();
        rows.sort_by_key(|row| !row.ours);
        groups.push(Group {
            title: "W6: submissions per second on all slots, plain python3 = 1 (more is better)".to_owned(),
            rows,
        });
    }
    groups
}

fn draw<B: DrawingBackend>(
    area: &DrawingArea<B, Shift>,
    groups: &[Group],
) -> Result<(), DrawingAreaErrorKind<B::ErrorType>> {
    let ratios = || groups.iter().flat_map(|group| &group.rows).map(|row| row.ratio);
    let low = ratios().fold(0.5, f64::min).log10().floor();
    let high = ratios().fold(2.0, f64::max).log10().ceil();
    #[expect(clippy::cast_possible_truncation, reason = "a place on the drawing")]
    let place = |ratio: f64| LEFT + ((ratio.log10() - low) / (high - low) * f64::from(RIGHT - LEFT)) as i32;
    let text = |size: i32, horizontal: HPos| {
        let style = TextStyle::from(("sans-serif", size).into_font()).color(&TEXT);
        style.pos(Pos::new(horizontal, VPos::Center))
    };
    let mut top = 8;
    for group in groups {
        area.draw_text(&group.title, &text(LARGE, HPos::Left), (12, top + 18))?;
        top += i32::try_from(HEAD).unwrap_or(0) - 8;
        let bottom = top + i32::try_from(group.rows.len()).unwrap_or(0) * i32::try_from(ROW).unwrap_or(0);
        area.draw(&PathElement::new(
            vec![(place(1.0), top - 2), (place(1.0), bottom)],
            TEXT.stroke_width(1),
        ))?;
        for row in &group.rows {
            let middle = top + i32::try_from(ROW).unwrap_or(0) / 2;
            let colour = if row.ours { OURS } else { OTHERS };
            let (from, to) = (place(1.0), place(row.ratio));
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
            area.draw_text(&value, &text(SMALL, side), (at, middle))?;
            top += i32::try_from(ROW).unwrap_or(0);
        }
        top += 8;
    }
    Ok(())
}
