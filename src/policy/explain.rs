//! Which rule decided, and why: for a director who must answer for it.

use super::{Facts, Refusal, judge};
use jiff::Timestamp;

/// How a decision came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// `Ok` with the first moment at which the yes could end (`Timestamp::MAX` where nothing ends it), or the refusal.
    pub verdict: Result<Timestamp, Refusal>,
    /// The rules in the order in which they were asked; the last one decided.
    pub steps: Vec<Step>,
}

/// One rule that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The rule's stable name.
    pub rule: &'static str,
    /// Whether it let the account pass.
    pub passed: bool,
    /// What it looked at, as stable names with values.
    pub facts: Vec<(&'static str, String)>,
}

/// Explains what [`decide`](super::decide) would say with a fresh token.
pub fn explain(facts: &Facts<'_>, now: Timestamp) -> Explanation {
    let mut trail = Trail { steps: Some(Vec::new()) };
    let verdict = judge(facts, now, &mut trail);
    let verdict = verdict.map(|verdict| verdict.ties.iter().map(|tie| tie.until).max().unwrap_or(now));
    Explanation { verdict, steps: trail.steps.unwrap_or_default() }
}

/// The rules' footsteps; a silent trail costs nothing.
pub(super) struct Trail {
    steps: Option<Vec<Step>>,
}

impl Trail {
    pub(super) fn silent() -> Self {
        Self { steps: None }
    }

    pub(super) fn step(&mut self, rule: &'static str, passed: bool, facts: impl FnOnce() -> Vec<(&'static str, String)>) {
        if let Some(steps) = &mut self.steps {
            steps.push(Step { rule, passed, facts: facts() });
        }
    }
}
