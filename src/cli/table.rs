//! Tables: as wide as the terminal, without columns that say nothing.

use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, LineStyle, Row, Table, TableStyle,
};

use crate::cli::escape::escape;
use crate::contract::Verdict;

const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// What does not fit is cut: the JSON has all of it.
const LINES_OF_A_ROW: usize = 3;

/// A heading, and how what is below it is aligned.
#[derive(Debug, Clone, Copy)]
pub enum Column {
    /// Wrapped where it is too long.
    Text(&'static str),
    /// Never wrapped.
    Word(&'static str),
    /// Never wrapped, its end below the ends of the others.
    Number(&'static str),
}

/// A table of `width` columns of characters at most; what is too long is wrapped, then cut.
///
/// Colours are always in it: [`print`](crate::cli::print) takes them out where they do not belong.
pub fn render(columns: &[Column], rows: &[Vec<Cell>], width: u16) -> String {
    laid_out(columns, rows, width, Some(LINES_OF_A_ROW))
}

/// The same, and nothing is cut: for what has no other place to be read.
pub fn render_tall(columns: &[Column], rows: &[Vec<Cell>], width: u16) -> String {
    laid_out(columns, rows, width, None)
}

fn laid_out(columns: &[Column], rows: &[Vec<Cell>], width: u16, lines: Option<usize>) -> String {
    let used: Vec<usize> = (0..columns.len())
        .filter(|column| rows.iter().any(|row| row.get(*column).is_some_and(is_filled)))
        .collect();
    let mut table = Table::new();
    table
        .load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width)
        .enforce_styling()
        .set_header(used.iter().filter_map(|column| columns.get(*column)).map(heading));
    for row in rows {
        let mut row = Row::from(used.iter().filter_map(|column| row.get(*column)).cloned());
        if let Some(lines) = lines {
            row.max_height(lines);
        }
        table.add_row(row);
    }
    let shown = used.iter().filter_map(|column| columns.get(*column));
    table.style_text_only();
    for (column, kind) in table.column_iter_mut().zip(shown) {
        column.set_padding((0, 1));
        if !matches!(kind, Column::Text(_)) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
        if matches!(kind, Column::Number(_)) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt()
}

/// What a stranger wrote, in one cell.
pub fn plain(text: &str) -> Cell {
    Cell::new(escape(text).replace('\t', "    "))
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

fn heading(column: &Column) -> Cell {
    let (Column::Text(text) | Column::Word(text) | Column::Number(text)) = column;
    Cell::new(text).add_attribute(Attribute::Bold)
}

fn is_filled(cell: &Cell) -> bool {
    !cell.content().is_empty()
}
