//! The part of a query that picks a moment, `$2` in every statement that uses it.

/// The rows of facts that were known at `$2`: `known!("columns from table where …")`.
macro_rules! known {
    ($sql:literal) => {
        concat!($sql, " and since <= $2 and (until is null or until > $2) order by id")
    };
}

/// The entities that were there at `$2`.
macro_rules! present {
    ($sql:literal) => {
        concat!($sql, " and created_at <= $2 and (removed_at is null or removed_at > $2) order by id")
    };
}

pub(super) use {known, present};
