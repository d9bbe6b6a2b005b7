//! A table in the terminal, readable in Markdown too.

use std::time::Duration;

/// Prints a heading.
pub fn heading(text: &str) {
    println!("\n### {text}\n");
}

/// Prints the names of the columns.
pub fn columns(names: &[&str]) {
    row(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    row(&names.iter().map(|name| "-".repeat(name.len())).collect::<Vec<_>>());
}

/// Prints a row.
pub fn row(cells: &[String]) {
    println!("| {} |", cells.join(" | "));
}

/// Milliseconds, or a dash where nothing was measured.
pub fn ms(duration: Option<Duration>) -> String {
    duration.map_or("–".to_owned(), |duration| format!("{:.1}", duration.as_secs_f64() * 1e3))
}

/// Megabytes for each of `viewers`.
#[allow(clippy::cast_precision_loss, reason = "for people to read")]
pub fn mb_each(bytes: u64, viewers: usize) -> String {
    format!("{:.3}", bytes as f64 / 1e6 / viewers.max(1) as f64)
}
