//! The other half of the rule: a program notices no column that a later version adds.

use std::fs;

use serde_json::Value;
use sqlparser::ast::{Insert, Query, SetExpr, Statement};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, Tokenizer};

use super::rule::parsed;

const SET_OPERATIONS: [Keyword; 3] = [Keyword::UNION, Keyword::INTERSECT, Keyword::EXCEPT];

#[test]
fn every_statement_of_the_program_names_the_columns_that_it_reads_and_writes() {
    let described = fs::read_dir(".sqlx").unwrap();
    for path in described.map(|entry| entry.unwrap().path()) {
        let description: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let sql = description["query"].as_str().unwrap();
        let parsed = parsed(sql);
        assert!(parsed.is_ok(), "{parsed:?}: {sql}");
        assert!(names_columns(sql), "{sql}");
    }
}

#[test]
fn a_statement_that_takes_whatever_columns_there_are_is_found() {
    for (sql, expected) in [
        ("SELECT a FROM (SELECT * FROM t ORDER BY a LIMIT 1) AS newest", true),
        ("WITH u AS (SELECT * FROM t) SELECT a FROM u", true),
        ("SELECT a FROM t WHERE EXISTS (SELECT * FROM u)", true),
        ("SELECT count(*), a * b FROM t", true),
        (
            "SELECT a FROM (SELECT * FROM t UNION ALL SELECT * FROM u) AS both",
            false,
        ),
        ("SELECT a FROM (SELECT a FROM t EXCEPT SELECT * FROM u) AS rest", false),
        (
            "WITH v AS (SELECT * FROM t UNION SELECT a FROM u) SELECT a FROM v",
            false,
        ),
        ("SELECT a FROM t WHERE a IN (SELECT * FROM u)", false),
        ("SELECT a FROM t WHERE a = ANY (SELECT * FROM u)", false),
        ("SELECT (SELECT * FROM u) FROM t", false),
        ("DELETE FROM t WHERE a IN (SELECT * FROM u)", false),
        ("SELECT DISTINCT ON (a) * FROM t", false),
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
        assert_eq!(names_columns(sql), expected, "{sql}");
    }
}

/// Whether the columns that it gets and writes are the same when its tables have more.
fn names_columns(sql: &str) -> bool {
    parsed(sql).is_ok_and(|statements| statements.iter().all(lists_columns)) && has_no_wildcard(sql)
}

/// What is inside of a query may take all columns, where it is a table of a query that names some. What is joined with
/// another by a set operation, or compared with something, has as many columns as that.
fn has_no_wildcard(sql: &str) -> bool {
    let tokens = Tokenizer::new(&PostgreSqlDialect {}, sql).tokenize().unwrap();
    let tokens: Vec<_> = tokens
        .into_iter()
        .filter(|token| !matches!(token, Token::Whitespace(_)))
        .collect();
    let mut wildcards = (0..tokens.len()).filter(|place| is_wildcard(&tokens, *place));
    wildcards.all(|place| is_of_a_table_of_a_query(&tokens, place))
}

fn is_wildcard(tokens: &[Token], place: usize) -> bool {
    let before = &tokens[..place];
    let begins = [Keyword::SELECT, Keyword::DISTINCT, Keyword::ALL, Keyword::RETURNING];
    tokens[place] == Token::Mul
        && (matches!(before.last(), Some(Token::Comma | Token::Period))
            || before.last().is_some_and(|token| begins.contains(&keyword(token)))
            || tokens
                .get(place + 1)
                .is_some_and(|token| keyword(token) == Keyword::FROM))
}

fn is_of_a_table_of_a_query(tokens: &[Token], place: usize) -> bool {
    let [.., opens, Token::LParen, select] = &tokens[..place] else {
        return false;
    };
    let of_a_table = [
        Keyword::FROM,
        Keyword::JOIN,
        Keyword::LATERAL,
        Keyword::AS,
        Keyword::MATERIALIZED,
        Keyword::EXISTS,
    ];
    keyword(select) == Keyword::SELECT && of_a_table.contains(&keyword(opens)) && !is_joined(&tokens[place..])
}

/// Whether a set operation follows before the parenthesis ends.
fn is_joined(tokens: &[Token]) -> bool {
    let mut depth = 0_usize;
    for token in tokens {
        match token {
            Token::LParen => depth += 1,
            Token::RParen if depth == 0 => return false,
            Token::RParen => depth -= 1,
            token if depth == 0 && SET_OPERATIONS.contains(&keyword(token)) => return true,
            _ => {}
        }
    }
    false
}

fn keyword(token: &Token) -> Keyword {
    match token {
        Token::Word(word) => word.keyword,
        _ => Keyword::NoKeyword,
    }
}

fn lists_columns(statement: &Statement) -> bool {
    match statement {
        Statement::Query(query) => lists_in_query(query),
        Statement::Insert(insert) => lists_in_insert(insert),
        _ => true,
    }
}

fn lists_in_query(query: &Query) -> bool {
    let mut with = query.with.iter().flat_map(|with| &with.cte_tables);
    with.all(|part| lists_in_query(&part.query))
        && match &*query.body {
            SetExpr::Query(query) => lists_in_query(query),
            SetExpr::Insert(statement) => lists_columns(statement),
            _ => true,
        }
}

fn lists_in_insert(insert: &Insert) -> bool {
    !insert.columns.is_empty() && insert.source.as_deref().is_none_or(lists_in_query)
}
