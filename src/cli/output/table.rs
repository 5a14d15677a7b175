//! Tables: as wide as the terminal, without empty columns.
//!
//! Texts are wrapped between words and behind the slashes, underscores and hyphens of names. Where a narrow terminal
//! leaves no room for a note, it stands below its row.

use std::iter;

use comfy_table::{Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, LineStyle, Table};
use textwrap::core::{Word, display_width};
use textwrap::{Options, WordSeparator, WordSplitter};

use crate::cli::output::escape::escape_line;
use crate::contract::Verdict;

const STYLE: comfy_table::TableStyle =
    comfy_table::TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// What does not fit is cut: the JSON has all of it.
const LINES_OF_A_ROW: usize = 3;

/// Between two columns.
const GAP: usize = 2;

/// No text is wrapped to less.
const LEAST_TEXT: usize = 12;

/// A note with less room stands below its row.
const LEAST_NOTE: usize = 36;

/// What a note below its row begins with.
const INDENT: &str = "    ";

/// A heading, and how what is below it is aligned.
#[derive(Debug, Clone, Copy)]
pub enum Column<'a> {
    /// Wrapped where it is too long.
    Text(&'a str),
    /// Wrapped only where nothing else helps.
    Word(&'a str),
    /// The same, its end below the ends of the others.
    Number(&'a str),
    /// Sentences, in the last column: below the row where there is little room.
    Note(&'a str),
}

/// A table of `width` columns of characters at most; what is too long is wrapped, then cut.
///
/// Colours are always in it: [`print`](crate::cli::print) takes them out where they do not belong.
pub fn render(columns: &[Column<'_>], rows: &[Vec<Cell>], width: u16) -> String {
    render_with(columns, rows, width, LINES_OF_A_ROW)
}

/// The same, and nothing is cut: for what has no other place to be read.
pub fn render_tall(columns: &[Column<'_>], rows: &[Vec<Cell>], width: u16) -> String {
    render_with(columns, rows, width, usize::MAX)
}

fn render_with(columns: &[Column<'_>], rows: &[Vec<Cell>], width: u16, most_lines: usize) -> String {
    let is_used = |column: usize| rows.iter().any(|row| row.get(column).is_some_and(is_filled));
    let mut used: Vec<usize> = (0..columns.len()).filter(|column| is_used(*column)).collect();
    // The line below the heading goes one further than the last column.
    let width = usize::from(width).saturating_sub(1);
    let mut widths = widths(columns, rows, &used, width);
    let is_note = |column: &usize| matches!(columns.get(*column), Some(Column::Note(_)));
    let mut below = None;
    if let (Some(note), Some(room)) = (used.last().copied().filter(is_note), widths.last())
        && *room < natural(columns, rows, note).min(LEAST_NOTE)
    {
        used.pop();
        below = Some(note);
        widths = self::widths(columns, rows, &used, width);
    }
    let mut table = empty(columns, &used);
    let mut heights = Vec::new();
    for row in rows {
        let cells: Vec<Cell> = used
            .iter()
            .zip(&widths)
            .map(|(column, width)| wrapped(row.get(*column), *width, most_lines))
            .collect();
        heights.push(
            cells
                .iter()
                .map(|cell| cell.content().lines().count())
                .max()
                .unwrap_or_default()
                .max(1),
        );
        table.add_row(cells);
    }
    align(&mut table, columns, &used);
    let text = table.trim_fmt();
    match below {
        Some(note) => with_notes(&text, &heights, rows, note, width),
        None => text,
    }
}

fn empty(columns: &[Column<'_>], used: &[usize]) -> Table {
    let mut table = Table::new();
    table
        .load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Disabled)
        .enforce_styling()
        .set_header(used.iter().filter_map(|column| columns.get(*column)).map(heading));
    table.style_text_only();
    table
}

fn align(table: &mut Table, columns: &[Column<'_>], used: &[usize]) {
    let shown = used.iter().filter_map(|column| columns.get(*column));
    for (column, kind) in table.column_iter_mut().zip(shown) {
        column.set_padding((0, 1));
        column.set_constraint(ColumnConstraint::ContentWidth);
        if matches!(kind, Column::Number(_)) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

/// Characters for each used column. Words and numbers have what they need, texts share what is left.
fn widths(columns: &[Column<'_>], rows: &[Vec<Cell>], used: &[usize], width: usize) -> Vec<usize> {
    let needed: Vec<usize> = used.iter().map(|column| natural(columns, rows, *column)).collect();
    let is_text = |index: &usize| {
        let column = used.get(*index).and_then(|column| columns.get(*column));
        matches!(column, Some(Column::Text(_) | Column::Note(_)))
    };
    let (mut flexible, fixed): (Vec<usize>, Vec<usize>) = (0..used.len()).partition(is_text);
    let taken: usize = fixed.iter().filter_map(|index| needed.get(*index)).sum();
    let mut room = width.saturating_sub(taken + GAP * used.len().saturating_sub(1));
    let mut widths = needed.clone();
    if room < flexible.len() * LEAST_TEXT {
        flexible = (0..used.len()).collect();
        room = width.saturating_sub(GAP * used.len().saturating_sub(1));
    }
    // The shortest first, so that what they leave is for the longer ones.
    flexible.sort_by_key(|index| needed.get(*index).copied());
    let mut left = flexible.len();
    for index in flexible {
        let share = room / left.max(1);
        if let Some(width) = widths.get_mut(index) {
            *width = (*width).min(share).max(1);
            room = room.saturating_sub(*width);
        }
        left -= 1;
    }
    widths
}

/// What a column needs on one line.
fn natural(columns: &[Column<'_>], rows: &[Vec<Cell>], column: usize) -> usize {
    let cells = rows.iter().filter_map(|row| row.get(column));
    let heading = columns.get(column).map_or(0, |column| display_width(name(column)));
    cells
        .map(|cell| display_width(&cell.content()))
        .max()
        .unwrap_or_default()
        .max(heading)
}

/// A cell that is too wide, on several lines; `…` where there are too many. Its colour is lost.
fn wrapped(cell: Option<&Cell>, width: usize, most_lines: usize) -> Cell {
    let Some(cell) = cell else { return Cell::new("") };
    let content = cell.content();
    if display_width(&content) <= width {
        return cell.clone();
    }
    let mut lines = lines_of(&content, width);
    if lines.len() > most_lines {
        lines.truncate(most_lines);
        if let Some(last) = lines.last_mut() {
            while display_width(last) >= width && last.pop().is_some() {}
            last.push('…');
        }
    }
    Cell::new(lines.join("\n"))
}

fn lines_of(text: &str, width: usize) -> Vec<String> {
    let options = Options::new(width.max(1))
        .word_separator(WordSeparator::Custom(parts))
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(text, options)
        .into_iter()
        .map(|line| line.into_owned())
        .collect()
}

/// A line may end behind a blank, and behind what joins the parts of a name.
fn parts<'a>(line: &'a str) -> Box<dyn Iterator<Item = Word<'a>> + 'a> {
    let mut rest = line;
    Box::new(iter::from_fn(move || {
        let joint = |(_, character): &(usize, char)| matches!(character, ' ' | '/' | '_' | '-' | ',');
        let end = match rest.char_indices().find(joint) {
            None => rest.len(),
            Some((start, ' ')) => start + rest[start..].len() - rest[start..].trim_start_matches(' ').len(),
            Some((start, joint)) => start + joint.len_utf8(),
        };
        let (part, others) = rest.split_at(end);
        rest = others;
        (!part.is_empty()).then(|| Word::from(part))
    }))
}

/// The notes, each below the lines of its row.
fn with_notes(table: &str, heights: &[usize], rows: &[Vec<Cell>], note: usize, width: usize) -> String {
    let mut lines = table.lines().map(str::to_owned);
    // The heading, and the line below it.
    let mut shown: Vec<String> = lines.by_ref().take(2).collect();
    for (height, row) in heights.iter().zip(rows) {
        shown.extend(lines.by_ref().take(*height));
        if let Some(text) = row.get(note).map(|cell| cell.content()).filter(|text| !text.is_empty()) {
            let wrapped = lines_of(&text, width.saturating_sub(INDENT.len()));
            shown.extend(wrapped.iter().map(|line| format!("{INDENT}{line}")));
        }
    }
    shown.join("\n")
}

/// Untrusted text, escaped, in one cell and on one line.
pub fn text(text: &str) -> Cell {
    Cell::new(escape_line(text).replace('\t', "    "))
}

/// The code in its colour.
pub fn verdict(verdict: Verdict) -> Cell {
    let color = match verdict {
        Verdict::Ac => Color::Green,
        Verdict::Sk | Verdict::Cancelled => Color::DarkGrey,
        Verdict::Je => Color::Magenta,
        _ => Color::Red,
    };
    Cell::new(verdict).fg(color)
}

fn name<'a>(column: &Column<'a>) -> &'a str {
    let (Column::Text(text) | Column::Word(text) | Column::Number(text) | Column::Note(text)) = column;
    text
}

fn heading(column: &Column<'_>) -> Cell {
    Cell::new(name(column)).add_attribute(Attribute::Bold)
}

fn is_filled(cell: &Cell) -> bool {
    !cell.content().is_empty()
}

#[cfg(test)]
mod tests {
    use anstream::adapter::strip_str;

    use super::*;

    const COLUMNS: [Column<'static>; 4] = [
        Column::Text("submission"),
        Column::Word("verdict"),
        Column::Number("CPU"),
        Column::Note("why"),
    ];

    fn rendered(width: u16) -> String {
        let long = "accepted/a_directory-of-a-team/with_a_long_name.py";
        let why = "no test is WA, and this is told in a sentence of some length that needs room";
        let row = |name: &str, why: &str| vec![text(name), verdict(Verdict::Ac), Cell::new("0.035 s"), text(why)];
        let rows = [row(long, why), row("accepted/a\nb.py", "")];
        strip_str(&render(&COLUMNS, &rows, width)).to_string()
    }

    #[test]
    fn names_are_wrapped_behind_their_joints_and_notes_stand_below_where_there_is_no_room() {
        insta::assert_snapshot!(rendered(61), @r"
        submission                              verdict      CPU
        ─────────────────────────────────────────────────────────
        accepted/a_directory-of-a-team/with_a_  AC       0.035 s
        long_name.py
            no test is WA, and this is told in a sentence of some
            length that needs room
        accepted/a\nb.py                        AC       0.035 s
        ");
        let wide = rendered(160);
        assert_eq!(wide.lines().count(), 4, "{wide}");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_and_no_row_is_split_by_what_a_stranger_wrote() {
        for width in [30, 40, 60, 80, 100, 140] {
            let shown = rendered(width);
            let widest = shown.lines().map(display_width).max().unwrap_or_default();
            assert!(widest <= usize::from(width), "{width}: {shown}");
            assert!(!shown.lines().any(|line| line.starts_with("b.py")), "{shown}");
        }
    }
}
