//! The other half of the rule: a program notices no column that a later version adds.

use std::fs;

use serde_json::Value;
use sqlparser::ast::{Insert, Query, SelectItem, SetExpr, Statement};

use super::rule::parsed;

#[test]
fn every_statement_of_the_program_names_the_columns_that_it_reads_and_writes() {
    let described = fs::read_dir(".sqlx").unwrap();
    for path in described.map(|entry| entry.unwrap().path()) {
        let description: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let sql = description["query"].as_str().unwrap();
        let statements = parsed(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
        assert!(statements.iter().all(names_columns), "{sql}");
    }
}

#[test]
fn a_statement_that_takes_whatever_columns_there_are_is_found() {
    for (sql, expected) in [
        ("SELECT a FROM (SELECT * FROM t ORDER BY a LIMIT 1) AS newest", true),
        ("SELECT count(*) FROM t", true),
        ("SELECT * FROM t", false),
        ("SELECT a FROM t UNION ALL SELECT * FROM u", false),
        ("SELECT t.* FROM t", false),
        ("INSERT INTO t (a) VALUES (1) RETURNING a", true),
        ("INSERT INTO t VALUES (1)", false),
        ("INSERT INTO t (a) SELECT * FROM u", false),
        ("INSERT INTO t (a) VALUES (1) RETURNING *", false),
        (
            "WITH put AS (INSERT INTO t VALUES (1) RETURNING a) SELECT a FROM put",
            false,
        ),
        ("UPDATE t SET a = 1 RETURNING *", false),
        ("DELETE FROM t RETURNING *", false),
    ] {
        assert_eq!(names_columns(&parsed(sql).unwrap()[0]), expected, "{sql}");
    }
}

fn names_columns(statement: &Statement) -> bool {
    match statement {
        Statement::Query(query) => named_in_query(query),
        Statement::Insert(insert) => named_in_insert(insert),
        Statement::Update(update) => are_named(update.returning.as_deref().unwrap_or_default()),
        Statement::Delete(delete) => are_named(delete.returning.as_deref().unwrap_or_default()),
        _ => true,
    }
}

/// What is inside of a query may take all columns, where its outer part names some.
fn named_in_query(query: &Query) -> bool {
    let with = query.with.iter().flat_map(|with| &with.cte_tables);
    let mut writing =
        with.filter(|part| !matches!(*part.query.body, SetExpr::Select(_) | SetExpr::SetOperation { .. }));
    writing.all(|part| named_in_query(&part.query)) && named_in_body(&query.body)
}

fn named_in_body(body: &SetExpr) -> bool {
    match body {
        SetExpr::Select(select) => are_named(&select.projection),
        SetExpr::Query(query) => named_in_query(query),
        SetExpr::SetOperation { left, right, .. } => named_in_body(left) && named_in_body(right),
        SetExpr::Insert(statement) | SetExpr::Update(statement) | SetExpr::Delete(statement) => {
            names_columns(statement)
        }
        _ => true,
    }
}

fn named_in_insert(insert: &Insert) -> bool {
    !insert.columns.is_empty()
        && insert.source.as_ref().is_none_or(|source| named_in_query(source))
        && are_named(insert.returning.as_deref().unwrap_or_default())
}

fn are_named(items: &[SelectItem]) -> bool {
    !items
        .iter()
        .any(|item| matches!(item, SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..)))
}
