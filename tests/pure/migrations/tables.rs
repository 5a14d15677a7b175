//! The tables that migrations make.

use std::collections::BTreeMap;

use sqlparser::ast::{
    AlterColumnOperation, AlterTableOperation, ColumnDef, ColumnOption, CreateTable, DataType, Expr, Ident, ObjectName,
    ObjectType, RenameTableNameKind, Statement, TableConstraint,
};

use super::rule::parsed;

/// Tables and their columns, by names as PostgreSQL compares them.
#[derive(Debug, Clone, Default)]
pub(super) struct Tables(BTreeMap<String, BTreeMap<String, Column>>);

#[derive(Debug, Clone)]
struct Column {
    is_nullable: bool,
    has_default: bool,
    is_bounded: bool,
}

impl Tables {
    /// Adds what a migration makes, and forgets what it takes away.
    pub(super) fn add(&mut self, sql: &str) -> Result<(), String> {
        for statement in parsed(sql)? {
            self.add_made_by(&statement);
        }
        Ok(())
    }

    pub(super) fn add_made_by(&mut self, statement: &Statement) {
        match statement {
            Statement::CreateTable(table) => self.create(table),
            Statement::AlterTable(table) => {
                let mut name = table_name(&table.name);
                for operation in &table.operations {
                    name = self.alter(name, operation);
                }
            }
            Statement::Drop {
                object_type: ObjectType::Table,
                names,
                ..
            } => self
                .0
                .retain(|name, _| !names.iter().any(|gone| table_name(gone) == *name)),
            _ => {}
        }
    }

    fn create(&mut self, table: &CreateTable) {
        let name = table_name(&table.name);
        let columns = table.columns.iter().map(|column| (folded(&column.name), of(column)));
        self.0.entry(name.clone()).or_default().extend(columns);
        for constraint in &table.constraints {
            self.constrain(&name, constraint);
        }
    }

    /// Gives the name that the table has then.
    fn alter(&mut self, table: String, operation: &AlterTableOperation) -> String {
        match operation {
            AlterTableOperation::RenameTable {
                table_name: RenameTableNameKind::To(new) | RenameTableNameKind::As(new),
            } => {
                let columns = self.0.remove(&table).unwrap_or_default();
                self.0.insert(table_name(new), columns);
                return table_name(new);
            }
            AlterTableOperation::AddConstraint { constraint, .. } => self.constrain(&table, constraint),
            AlterTableOperation::AlterColumn { column_name, op } => self.alter_column(&table, column_name, op),
            AlterTableOperation::AddColumn { column_def, .. } => {
                let columns = self.0.entry(table.clone()).or_default();
                columns.insert(folded(&column_def.name), of(column_def));
            }
            AlterTableOperation::DropColumn { column_names, .. } => {
                let columns = self.0.entry(table.clone()).or_default();
                columns.retain(|name, _| !column_names.iter().any(|gone| folded(gone) == *name));
            }
            AlterTableOperation::RenameColumn {
                old_column_name,
                new_column_name,
            } => {
                let columns = self.0.entry(table.clone()).or_default();
                let column = columns.remove(&folded(old_column_name));
                columns.extend(column.map(|column| (folded(new_column_name), column)));
            }
            _ => {}
        }
        table
    }

    fn alter_column(&mut self, table: &str, column: &Ident, operation: &AlterColumnOperation) {
        let columns = self.0.get_mut(table);
        let Some(column) = columns.and_then(|columns| columns.get_mut(&folded(column))) else {
            return;
        };
        match operation {
            AlterColumnOperation::SetNotNull => column.is_nullable = false,
            AlterColumnOperation::DropNotNull => column.is_nullable = true,
            AlterColumnOperation::SetDefault { .. } => column.has_default = true,
            AlterColumnOperation::DropDefault => column.has_default = false,
            AlterColumnOperation::SetDataType { data_type, .. } => column.is_bounded = is_bounded(data_type),
            AlterColumnOperation::GenericOptions { .. } => {}
            AlterColumnOperation::AddGenerated { .. } => (column.is_nullable, column.has_default) = (false, true),
        }
    }

    fn constrain(&mut self, table: &str, constraint: &TableConstraint) {
        let TableConstraint::PrimaryKey(key) = constraint else {
            return;
        };
        for part in &key.columns {
            if let Expr::Identifier(name) = &part.column.expr {
                self.alter_column(table, name, &AlterColumnOperation::SetNotNull);
            }
        }
    }

    pub(super) fn has(&self, table: &str) -> bool {
        self.0.contains_key(table)
    }

    /// Whether no row can be written without it.
    pub(super) fn requires(&self, table: &str, column: &str) -> bool {
        let column = self.column(table, column);
        column.is_some_and(|column| !column.is_nullable && !column.has_default)
    }

    pub(super) fn is_nullable(&self, table: &str, column: &str) -> bool {
        self.column(table, column).is_some_and(|column| column.is_nullable)
    }

    /// Whether its values may be of any length.
    pub(super) fn is_unbounded(&self, table: &str, column: &str) -> bool {
        self.column(table, column).is_some_and(|column| !column.is_bounded)
    }

    fn column(&self, table: &str, column: &str) -> Option<&Column> {
        self.0.get(table)?.get(column)
    }

    /// Another table with a column of this name.
    pub(super) fn other_with(&self, table: &str, column: &str) -> Option<&String> {
        let mut tables = self.0.iter();
        let found = tables.find(|(name, columns)| *name != table && columns.contains_key(column));
        found.map(|(name, _columns)| name)
    }
}

/// A name without the schema in which tables are where none is named.
pub(super) fn table_name(name: &ObjectName) -> String {
    let parts = name.0.iter();
    let parts: Vec<_> = parts
        .map(|part| part.as_ident().map_or_else(|| part.to_string(), folded))
        .collect();
    match parts.as_slice() {
        [schema, table] if schema == "public" => table.clone(),
        parts => parts.join("."),
    }
}

/// PostgreSQL tells capital letters apart in quotes only.
pub(super) fn folded(name: &Ident) -> String {
    match name.quote_style {
        None => name.value.to_lowercase(),
        Some(_) => name.value.clone(),
    }
}

pub(super) fn is_serial(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Custom(name, _) if name.to_string().to_lowercase().contains("serial"))
}

fn of(column: &ColumnDef) -> Column {
    let has = |wanted: fn(&ColumnOption) -> bool| column.options.iter().any(|option| wanted(&option.option));
    let is_numbered = is_serial(&column.data_type) || has(|option| matches!(option, ColumnOption::Generated { .. }));
    Column {
        is_nullable: !is_numbered
            && !has(|option| matches!(option, ColumnOption::NotNull | ColumnOption::PrimaryKey(_))),
        has_default: is_numbered || has(|option| matches!(option, ColumnOption::Default(_))),
        is_bounded: is_bounded(&column.data_type),
    }
}

fn is_bounded(data_type: &DataType) -> bool {
    !matches!(
        data_type,
        DataType::Text
            | DataType::Varchar(None)
            | DataType::CharacterVarying(None)
            | DataType::CharVarying(None)
            | DataType::Bytea
            | DataType::JSONB
            | DataType::Array(_)
    )
}

#[test]
fn what_a_migration_took_away_is_forgotten() {
    let mut tables = Tables::default();
    tables
        .add(
            "CREATE TABLE notes (id uuid, note text, author text);
             ALTER TABLE public.Notes DROP COLUMN note, RENAME COLUMN author TO writer;
             CREATE TABLE drafts (draft text);
             DROP TABLE drafts",
        )
        .unwrap();
    let found = |column| tables.other_with("submissions", column).map(String::as_str);
    assert_eq!(found("id"), Some("notes"));
    assert_eq!(found("writer"), Some("notes"));
    for gone in ["note", "author", "draft"] {
        assert_eq!(found(gone), None, "{gone}");
    }
    assert!(!tables.has("drafts"));
}
