//! What a migration may do while programs of earlier versions use the tables: it adds what they never notice.

use std::collections::BTreeMap;

use sqlparser::ast::{
    AlterColumnOperation, AlterTableOperation, ColumnDef, ColumnOption, CreateIndex, CreateTable, DataType, Expr,
    ForeignKeyConstraint, ReferentialAction, Statement, TableConstraint,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

/// The first line of a migration that sqlx applies outside of a transaction.
const NO_TRANSACTION: &str = "-- no-transaction";

/// Defaults that PostgreSQL computes once for all rows that are there.
const STABLE_FUNCTIONS: [&str; 4] = [
    "now",
    "current_timestamp",
    "statement_timestamp",
    "transaction_timestamp",
];

/// Tables, and the names of their columns: `true` for those without which no row can be written.
#[derive(Debug, Clone, Default)]
pub(super) struct Tables(BTreeMap<String, BTreeMap<String, bool>>);

impl Tables {
    /// Adds what a migration makes.
    pub(super) fn add(&mut self, sql: &str) {
        for statement in parsed(sql).unwrap() {
            self.add_made_by(&statement);
        }
    }

    fn add_made_by(&mut self, statement: &Statement) {
        match statement {
            Statement::CreateTable(table) => {
                let columns = table.columns.iter().map(named);
                self.0.entry(table.name.to_string()).or_default().extend(columns);
            }
            Statement::AlterTable(table) => {
                for operation in &table.operations {
                    if let AlterTableOperation::AddColumn { column_def, .. } = operation {
                        let columns = self.0.entry(table.name.to_string()).or_default();
                        columns.extend([named(column_def)]);
                    }
                }
            }
            _ => {}
        }
    }

    fn has(&self, table: &str) -> bool {
        self.0.contains_key(table)
    }

    fn requires(&self, table: &str, column: &str) -> bool {
        let columns = self.0.get(table);
        columns.is_some_and(|columns| columns.get(column) == Some(&true))
    }

    /// Another table with a column of this name.
    fn other_with(&self, table: &str, column: &str) -> Option<&String> {
        let mut tables = self.0.iter();
        let found = tables.find(|(name, columns)| *name != table && columns.contains_key(column));
        found.map(|(name, _columns)| name)
    }
}

fn named(column: &ColumnDef) -> (String, bool) {
    let has = |wanted: fn(&ColumnOption) -> bool| column.options.iter().any(|option| wanted(&option.option));
    let is_required = has(|option| matches!(option, ColumnOption::NotNull | ColumnOption::PrimaryKey(_)))
        && !has(|option| matches!(option, ColumnOption::Default(_)));
    (column.name.value.clone(), is_required)
}

/// Holds a migration against the rule, on a database that has these tables. The error says what breaks.
pub(super) fn check(sql: &str, before: &Tables) -> Result<(), String> {
    let statements = parsed(sql)?;
    let apart = sql.starts_with(NO_TRANSACTION);
    if apart && statements.len() != 1 {
        return Err("several statements are a transaction: what is outside of one is one statement".to_owned());
    }
    let of_rows = statements.iter().filter(|statement| changes_rows(statement)).count();
    if of_rows != 0 && of_rows != statements.len() {
        return Err(
            "rows are changed in a file of their own: until they are, nobody gets past the locks of others".to_owned(),
        );
    }
    let mut new = Tables::default();
    for statement in &statements {
        let checked = check_statement(statement, before, &new)
            .and_then(|()| check_transaction(statement, apart))
            .map_err(|reason| format!("{statement}: {reason}"));
        checked?;
        let alters_known = matches!(statement, Statement::AlterTable(table) if !new.has(&table.name.to_string()));
        if !alters_known {
            new.add_made_by(statement);
        }
    }
    Ok(())
}

pub(super) fn parsed(sql: &str) -> Result<Vec<Statement>, String> {
    Parser::parse_sql(&PostgreSqlDialect {}, sql).map_err(|error| error.to_string())
}

fn changes_rows(statement: &Statement) -> bool {
    matches!(statement, Statement::Update(_) | Statement::Insert(_))
}

fn check_transaction(statement: &Statement, apart: bool) -> Result<(), String> {
    let concurrent = matches!(statement, Statement::CreateIndex(index) if index.concurrently);
    match (concurrent, apart) {
        (true, false) => Err(format!(
            "it fails in a transaction; the first line of its file is `{NO_TRANSACTION}`"
        )),
        (false, true) => Err("only an index that is made concurrently is outside of a transaction".to_owned()),
        _ => Ok(()),
    }
}

fn check_statement(statement: &Statement, before: &Tables, new: &Tables) -> Result<(), String> {
    match statement {
        Statement::CreateTable(table) => check_table(table, before, new),
        Statement::CreateIndex(index) => check_index(index, new),
        Statement::CreateView(view) if view.or_replace => Err("programs read the view as it was".to_owned()),
        Statement::CreateView(view) if view.materialized => Err("nothing refreshes it".to_owned()),
        Statement::CreateView(_) | Statement::Comment { .. } | Statement::Update(_) | Statement::Insert(_) => Ok(()),
        Statement::AlterTable(table) if new.has(&table.name.to_string()) => Ok(()),
        Statement::AlterTable(table) => {
            let name = table.name.to_string();
            let mut operations = table.operations.iter();
            operations.try_for_each(|operation| check_operation(operation, &name, [before, new]))
        }
        _ => Err("it does not only add".to_owned()),
    }
}

/// A change of a table that programs use.
fn check_operation(operation: &AlterTableOperation, table: &str, [before, new]: [&Tables; 2]) -> Result<(), String> {
    match operation {
        AlterTableOperation::AddColumn { column_def, .. } => {
            // Old statements name a column alone where no other table has one of that name.
            let column = &column_def.name.value;
            let other = before.other_with(table, column);
            match other.or_else(|| new.other_with(table, column)) {
                Some(other) => Err(format!(
                    "{other} has a column of that name, which joins would not tell apart"
                )),
                None => check_column(column_def),
            }
        }
        AlterTableOperation::AlterColumn {
            column_name,
            op: AlterColumnOperation::SetDefault { .. },
        } if before.requires(table, &column_name.value) => Ok(()),
        AlterTableOperation::SetOptionsParens { .. } => Ok(()),
        _ => Err("programs use the table as it was".to_owned()),
    }
}

fn check_table(table: &CreateTable, before: &Tables, new: &Tables) -> Result<(), String> {
    let name = table.name.to_string();
    if before.has(&name) || new.has(&name) {
        return Err("there is one of that name".to_owned());
    }
    let of_columns = table.columns.iter().flat_map(|column| &column.options);
    let of_columns = of_columns.filter_map(|option| match &option.option {
        ColumnOption::ForeignKey(key) => Some(key),
        _ => None,
    });
    let of_table = table.constraints.iter().filter_map(|constraint| match constraint {
        TableConstraint::ForeignKey(key) => Some(key),
        _ => None,
    });
    let mut to_known = of_columns.chain(of_table).filter(|key| {
        let foreign = key.foreign_table.to_string();
        foreign != name && !new.has(&foreign)
    });
    if to_known.any(stops_deletions) {
        return Err("programs that do not know the table cannot delete from the other; ON DELETE CASCADE".to_owned());
    }
    Ok(())
}

fn stops_deletions(key: &ForeignKeyConstraint) -> bool {
    !matches!(
        key.on_delete,
        Some(ReferentialAction::Cascade | ReferentialAction::SetNull)
    )
}

fn check_index(index: &CreateIndex, new: &Tables) -> Result<(), String> {
    if new.has(&index.table_name.to_string()) {
        return Ok(());
    }
    if index.unique {
        return Err("it refuses what programs write".to_owned());
    }
    if !index.concurrently {
        return Err("programs cannot write while it is made; CREATE INDEX CONCURRENTLY IF NOT EXISTS".to_owned());
    }
    if !index.if_not_exists || index.name.is_none() {
        return Err(
            "it may be there and not be noted, since no transaction holds both; a name, and IF NOT EXISTS".to_owned(),
        );
    }
    Ok(())
}

/// A new column of a table that programs write without it.
fn check_column(column: &ColumnDef) -> Result<(), String> {
    if matches!(&column.data_type, DataType::Custom(name, _) if name.to_string().to_lowercase().contains("serial")) {
        return Err("every row is written anew for it".to_owned());
    }
    let mut required = false;
    let mut has_default = false;
    for option in &column.options {
        match &option.option {
            ColumnOption::Null | ColumnOption::Collation(_) => {}
            ColumnOption::NotNull => required = true,
            ColumnOption::Default(value) if is_constant(value) => has_default = true,
            ColumnOption::Default(_) => return Err("every row is written anew for the default".to_owned()),
            _ => return Err("a column that is added has a type, and at most a default".to_owned()),
        }
    }
    if required && !has_default {
        return Err("programs write rows without it; a default".to_owned());
    }
    Ok(())
}

fn is_constant(value: &Expr) -> bool {
    match value {
        Expr::Value(_) | Expr::TypedString(_) => true,
        Expr::Interval(length) => is_constant(&length.value),
        Expr::Cast { expr, .. } | Expr::UnaryOp { expr, .. } | Expr::Nested(expr) => is_constant(expr),
        Expr::Function(function) => STABLE_FUNCTIONS.contains(&function.name.to_string().to_lowercase().as_str()),
        _ => false,
    }
}
