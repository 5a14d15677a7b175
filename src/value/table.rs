//! Arrays of numpy, and series and frames of pandas, of which Python can make one.

use crate::value::Value;
use crate::value::error::ValueError;

/// Items in the order of C.
pub(super) fn array(shape: Vec<usize>, items: Vec<Value>) -> Result<Value, ValueError> {
    let size = shape.iter().try_fold(1_usize, |size, length| size.checked_mul(*length));
    if size != Some(items.len()) {
        return Err(ValueError::Tag("$array", "as many items as its shape says"));
    }
    // Numpy would take them for rows.
    let is_row = |item: &Value| {
        matches!(
            item,
            Value::List(_) | Value::Tuple(_) | Value::Array(..) | Value::Series(..) | Value::Frame(..)
        )
    };
    match items.iter().any(is_row) {
        true => Err(ValueError::Tag(
            "$array",
            "rows of one length, and single values in them",
        )),
        false => Ok(Value::Array(shape, items)),
    }
}

/// An array that was written as lists inside of lists.
pub(super) fn nested_array(items: &[Value]) -> Result<Value, ValueError> {
    let mut shape = vec![items.len()];
    let mut flat = items.to_vec();
    while let Some(Value::List(first)) = flat.first() {
        let length = first.len();
        let mut inner = Vec::new();
        for item in flat {
            match item {
                Value::List(items) if items.len() == length => inner.extend(items),
                _ => return Err(ValueError::Tag("$array", "rows of one length")),
            }
        }
        shape.push(length);
        flat = inner;
    }
    array(shape, flat)
}

/// Values with an index and a name.
pub(super) fn series(given: Vec<Value>, values: Vec<Value>, name: Value) -> Result<Value, ValueError> {
    let index = index("$series", given, values.len())?;
    Ok(Value::Series(index, values, Box::new(name)))
}

/// Columns by name.
pub(super) fn frame(given: Vec<Value>, columns: Vec<(Value, Vec<Value>)>) -> Result<Value, ValueError> {
    let rows = columns.first().map_or(given.len(), |(_, column)| column.len());
    if columns.iter().any(|(_, column)| column.len() != rows) {
        return Err(ValueError::Tag("$frame", "columns of one length"));
    }
    if !columns.iter().all(|(name, _)| name.is_hashable()) {
        return Err(ValueError::Tag("$frame", "names of columns that Python can hash"));
    }
    Ok(Value::Frame(index("$frame", given, rows)?, columns))
}

/// Whether these can be the names of an index or of columns: one, or one for each part of its items.
pub(super) fn are_names(names: &[Value], items: &[Value]) -> bool {
    let has_part_for_each = |item: &Value| match item {
        Value::Tuple(parts) => parts.len() == names.len(),
        _ => names.len() == 1,
    };
    names.iter().all(Value::is_hashable) && items.iter().all(has_part_for_each)
}

/// Where none is given, rows are numbered from 0, as pandas does.
fn index(tag: &'static str, given: Vec<Value>, rows: usize) -> Result<Vec<Value>, ValueError> {
    if given.is_empty() {
        return Ok((0_i64..).map(Value::from).take(rows).collect());
    }
    if given.len() != rows {
        return Err(ValueError::Tag(tag, "an index with an item for each row"));
    }
    match given.iter().all(Value::is_hashable) {
        true => Ok(given),
        false => Err(ValueError::Tag(tag, "an index whose items Python can hash")),
    }
}
