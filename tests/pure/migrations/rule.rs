//! What a migration may do while programs of earlier versions use the tables: it adds what they never notice.

use sqlparser::ast::{
    AlterColumnOperation, AlterTableOperation, BinaryOperator, ColumnDef, ColumnOption, CreateIndex, CreateTable, Expr,
    IndexType, Query, SetExpr, Statement, TableConstraint,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

use super::keys::check_keys;
use super::tables::{Tables, folded, is_serial, table_name};

/// The first line of a migration that sqlx applies outside of a transaction.
pub(super) const NO_TRANSACTION: &str = "-- no-transaction";

/// Defaults that PostgreSQL computes once for all rows that are there.
const STABLE_FUNCTIONS: [&str; 8] = [
    "now",
    "current_timestamp",
    "current_date",
    "current_time",
    "localtimestamp",
    "localtime",
    "statement_timestamp",
    "transaction_timestamp",
];

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
            "rows are changed in a file of their own: until they are, no other statement gets past their locks"
                .to_owned(),
        );
    }
    let mut new = Tables::default();
    for statement in &statements {
        let checked = check_statement(statement, before, &new)
            .and_then(|()| check_transaction(statement, apart))
            .map_err(|reason| format!("{statement}: {reason}"));
        checked?;
        let alters_known = matches!(statement, Statement::AlterTable(table) if !new.has(&table_name(&table.name)));
        if !alters_known {
            new.add_made_by(statement);
        }
    }
    check_keys(&statements, &new)
}

pub(super) fn parsed(sql: &str) -> Result<Vec<Statement>, String> {
    Parser::parse_sql(&PostgreSqlDialect {}, sql).map_err(|error| error.to_string())
}

fn changes_rows(statement: &Statement) -> bool {
    match statement {
        Statement::Update(_) | Statement::Insert(_) => true,
        Statement::Query(query) => matches!(*query.body, SetExpr::Update(_) | SetExpr::Insert(_)),
        _ => false,
    }
}

/// Whether a query, and what it is made with, only reads, adds and changes rows.
fn deletes_nothing(query: &Query) -> bool {
    let mut parts = query.with.iter().flat_map(|with| &with.cte_tables);
    parts.all(|part| deletes_nothing(&part.query))
        && match &*query.body {
            SetExpr::Delete(_) | SetExpr::Merge(_) => false,
            SetExpr::Insert(Statement::Insert(insert)) => insert.source.as_deref().is_none_or(deletes_nothing),
            SetExpr::Query(query) => deletes_nothing(query),
            _ => true,
        }
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
        Statement::CreateIndex(index) => check_index(index, before, new),
        Statement::CreateView(view) if view.or_replace => Err("programs read the view as it was".to_owned()),
        Statement::CreateView(view) if view.materialized => Err("nothing refreshes it".to_owned()),
        Statement::CreateView(_) | Statement::CreateSequence { .. } | Statement::Comment { .. } => Ok(()),
        Statement::Update(_) => Ok(()),
        Statement::Insert(insert) if insert.source.as_deref().is_none_or(deletes_nothing) => Ok(()),
        Statement::Query(query) if changes_rows(statement) && deletes_nothing(query) => Ok(()),
        Statement::AlterTable(table) if new.has(&table_name(&table.name)) => {
            table.operations.iter().try_for_each(check_operation_on_new)
        }
        Statement::AlterTable(table) => {
            let name = table_name(&table.name);
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
            let column = folded(&column_def.name);
            let other = before.other_with(table, &column);
            match other.or_else(|| new.other_with(table, &column)) {
                Some(other) => Err(format!(
                    "{other} has a column of that name, which joins would not tell apart"
                )),
                None => check_column(column_def),
            }
        }
        AlterTableOperation::AlterColumn {
            column_name,
            op: AlterColumnOperation::SetDefault { .. },
        } if before.requires(table, &folded(column_name)) => Ok(()),
        AlterTableOperation::SetOptionsParens { .. } => Ok(()),
        _ => Err("programs use the table as it was".to_owned()),
    }
}

/// A change of a table that the migration makes. Its foreign keys are held against the rule at the end.
fn check_operation_on_new(operation: &AlterTableOperation) -> Result<(), String> {
    match operation {
        AlterTableOperation::AddConstraint {
            constraint: TableConstraint::PrimaryKeyUsingIndex(_),
            ..
        } => Err("PRIMARY KEY (...) says which columns cannot be null".to_owned()),
        AlterTableOperation::AddConstraint { .. }
        | AlterTableOperation::AddColumn { .. }
        | AlterTableOperation::AlterColumn { .. }
        | AlterTableOperation::SetOptionsParens { .. } => Ok(()),
        _ => Err("a new table is made as it is to be".to_owned()),
    }
}

fn check_table(table: &CreateTable, before: &Tables, new: &Tables) -> Result<(), String> {
    let name = table_name(&table.name);
    if before.has(&name) || new.has(&name) {
        return Err("there is one of that name".to_owned());
    }
    if table.inherits.is_some() || table.partition_of.is_some() {
        return Err("programs read its rows as those of the other table".to_owned());
    }
    Ok(())
}

fn check_index(index: &CreateIndex, before: &Tables, new: &Tables) -> Result<(), String> {
    let table = table_name(&index.table_name);
    if new.has(&table) {
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
    check_lengths(index, &table, before)
}

fn check_lengths(index: &CreateIndex, table: &str, before: &Tables) -> Result<(), String> {
    let is_ordered = matches!(index.using, None | Some(IndexType::BTree));
    let columns = index.columns.iter().filter_map(|part| match &part.column.expr {
        Expr::Identifier(column) => Some(folded(column)),
        _ => None,
    });
    let mut columns = columns.chain(index.include.iter().map(folded));
    let refuses = |column: &String| {
        let is_limited = index.predicate.as_ref().is_some_and(|rows| limits_length(rows, column));
        is_ordered && before.is_unbounded(table, column) && !is_limited
    };
    match columns.find(refuses) {
        Some(column) => Err(format!(
            "it refuses rows with more than some 2700 bytes in {column}; left({column}, ...), USING hash, or \
             WHERE length({column}) <= ..."
        )),
        None => Ok(()),
    }
}

/// Whether an index has only rows in which the column is no longer than a number.
fn limits_length(rows: &Expr, column: &str) -> bool {
    match rows {
        Expr::Nested(rows) => limits_length(rows, column),
        Expr::BinaryOp { left, op, right } => match op {
            BinaryOperator::And => limits_length(left, column) || limits_length(right, column),
            BinaryOperator::Lt | BinaryOperator::LtEq => {
                let measured = left.to_string().to_lowercase();
                let measures = ["length", "octet_length"].map(|function| format!("{function}({column})"));
                measures.contains(&measured) && matches!(**right, Expr::Value(_))
            }
            _ => false,
        },
        _ => false,
    }
}

/// A new column of a table that programs write without it.
fn check_column(column: &ColumnDef) -> Result<(), String> {
    if is_serial(&column.data_type) {
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
        Expr::Array(array) => array.elem.iter().all(is_constant),
        Expr::Interval(length) => is_constant(&length.value),
        Expr::Cast { expr, .. } | Expr::UnaryOp { expr, .. } | Expr::Nested(expr) => is_constant(expr),
        Expr::Function(function) => STABLE_FUNCTIONS.contains(&function.name.to_string().to_lowercase().as_str()),
        _ => false,
    }
}
