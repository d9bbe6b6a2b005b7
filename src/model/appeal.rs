//! A parent's complaint and its way to 'fixed'.

use super::account::{UnknownWord, words};
use std::{fmt, str::FromStr};

words! {
    /// What a parent complains of.
    AppealKind("kind of an appeal") {
        /// The picture is bad, or there is none.
        Picture = "picture",
        /// Something that was to be seen in the room.
        Seen = "seen",
        /// Something else.
        Other = "other",
    }
}

words! {
    /// What somebody did about an appeal.
    AppealAct("step of an appeal") {
        /// The parent wrote it.
        Reported = "reported",
        /// The director answered; it goes on.
        Answered = "answered",
        /// The director says that it is fixed.
        Fixed = "fixed",
        /// The director says that there is nothing to fix, and why.
        Closed = "closed",
        /// The parent answered back while it was open.
        Replied = "replied",
        /// The parent says that it is not fixed.
        Reopened = "reopened",
    }
}

words! {
    /// How an appeal stands.
    AppealState("state of an appeal") {
        /// It is for the director to answer.
        Waiting = "waiting",
        /// The director answered, and it is not over.
        Answered = "answered",
        /// It is fixed, as the director says and the parent does not deny.
        Fixed = "fixed",
        /// There was nothing to fix.
        Closed = "closed",
    }
}

impl AppealAct {
    /// How an appeal stands of which this is the newest step.
    pub const fn state(self) -> AppealState {
        match self {
            Self::Reported | Self::Replied | Self::Reopened => AppealState::Waiting,
            Self::Answered => AppealState::Answered,
            Self::Fixed => AppealState::Fixed,
            Self::Closed => AppealState::Closed,
        }
    }

    /// Whether it is a parent's.
    pub const fn is_parents(self) -> bool {
        matches!(self, Self::Reported | Self::Replied | Self::Reopened)
    }
}

impl AppealState {
    /// Whether it is over, as long as the parent does not say otherwise.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Fixed | Self::Closed)
    }

    /// What a parent does who writes about it again.
    pub const fn written_again(self) -> AppealAct {
        if self.is_over() { AppealAct::Reopened } else { AppealAct::Replied }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_is_opened_by_a_word_of_the_parent() {
        for (act, state, again) in [
            (AppealAct::Reported, AppealState::Waiting, AppealAct::Replied),
            (AppealAct::Answered, AppealState::Answered, AppealAct::Replied),
            (AppealAct::Fixed, AppealState::Fixed, AppealAct::Reopened),
            (AppealAct::Closed, AppealState::Closed, AppealAct::Reopened),
        ] {
            assert_eq!((act.state(), act.state().written_again()), (state, again));
            assert_eq!(again.state(), AppealState::Waiting);
        }
    }
}
