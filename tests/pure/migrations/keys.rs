//! Foreign keys of new tables: they stop no deletions of programs that do not know the tables.

use std::collections::BTreeSet;

use sqlparser::ast::{
    AlterTableOperation, ColumnDef, ColumnOption, ForeignKeyConstraint, ReferentialAction, Statement, TableConstraint,
};

use super::tables::{Tables, folded, table_name};

/// A foreign key, and where it is.
struct Key<'s> {
    table: String,
    columns: Vec<String>,
    foreign: String,
    on_delete: Option<ReferentialAction>,
    written: &'s ForeignKeyConstraint,
}

impl<'s> Key<'s> {
    fn of(table: &str, columns: Vec<String>, written: &'s ForeignKeyConstraint) -> Self {
        Self {
            table: table.to_owned(),
            columns,
            foreign: table_name(&written.foreign_table),
            on_delete: written.on_delete,
            written,
        }
    }

    fn stops_deletions(&self, new: &Tables) -> bool {
        match self.on_delete {
            Some(ReferentialAction::Cascade) => false,
            Some(ReferentialAction::SetNull) => {
                let mut columns = self.columns.iter();
                !columns.all(|column| new.is_nullable(&self.table, column))
            }
            _ => true,
        }
    }
}

/// Holds all keys of a migration together, which makes these new tables: a row may go with one of another new table, which
/// goes with one of an old table.
pub(super) fn check_keys(statements: &[Statement], new: &Tables) -> Result<(), String> {
    let keys: Vec<_> = statements.iter().flat_map(keys_of).collect();
    let mut below_old = BTreeSet::new();
    let mut is_complete = false;
    while !is_complete {
        let before = below_old.len();
        for key in &keys {
            if !new.has(&key.foreign) || below_old.contains(&key.foreign) {
                below_old.insert(key.table.clone());
            }
        }
        is_complete = below_old.len() == before;
    }
    let mut concerned = keys
        .iter()
        .filter(|key| !new.has(&key.foreign) || below_old.contains(&key.foreign));
    match concerned.find(|key| key.stops_deletions(new)) {
        Some(key) => Err(format!(
            "{}, {}: programs that do not know the table cannot delete from the other; ON DELETE CASCADE, or SET NULL \
             on a column that can be null",
            key.table, key.written
        )),
        None => Ok(()),
    }
}

fn keys_of(statement: &Statement) -> Vec<Key<'_>> {
    match statement {
        Statement::CreateTable(table) => {
            let name = table_name(&table.name);
            let of_columns = table.columns.iter().flat_map(|column| of_column(&name, column));
            let of_table = table.constraints.iter().filter_map(|part| of_constraint(&name, part));
            of_columns.chain(of_table).collect()
        }
        Statement::AlterTable(table) => {
            let name = table_name(&table.name);
            let operations = table.operations.iter();
            operations
                .flat_map(|operation| of_operation(&name, operation))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn of_operation<'s>(table: &str, operation: &'s AlterTableOperation) -> Vec<Key<'s>> {
    match operation {
        AlterTableOperation::AddConstraint { constraint, .. } => of_constraint(table, constraint).into_iter().collect(),
        AlterTableOperation::AddColumn { column_def, .. } => of_column(table, column_def),
        _ => Vec::new(),
    }
}

fn of_constraint<'s>(table: &str, constraint: &'s TableConstraint) -> Option<Key<'s>> {
    match constraint {
        TableConstraint::ForeignKey(key) => {
            let columns = key.columns.iter().map(folded).collect();
            Some(Key::of(table, columns, key))
        }
        _ => None,
    }
}

fn of_column<'s>(table: &str, column: &'s ColumnDef) -> Vec<Key<'s>> {
    let options = column.options.iter();
    options
        .filter_map(|option| match &option.option {
            ColumnOption::ForeignKey(key) => Some(Key::of(table, vec![folded(&column.name)], key)),
            _ => None,
        })
        .collect()
}
