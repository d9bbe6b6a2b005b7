//! What an audit record can be about. The words are in the hashed entries: one that has been used is never given another meaning.

use crate::model::{UnknownWord, words};
use std::{fmt, str::FromStr};

words! {
    /// What somebody did, or was refused.
    Action("action") {
        /// Somebody logged in.
        LogIn = "log_in",
        /// A log-in was refused; the details say with which code.
        LogInRefused = "log_in_refused",
        /// Somebody logged out.
        LogOut = "log_out",
        /// A stream began.
        ViewingStarted = "viewing_started",
        /// A stream ended; the details say why.
        ViewingEnded = "viewing_ended",
        /// A stream was refused; the details say with which code.
        ViewingRefused = "viewing_refused",
        /// A director ended somebody's viewing and keeps the account out for a while; the details say whose, why and until when.
        ViewingCut = "viewing_cut",
        /// A director let an account in again before that was over.
        ViewingAllowed = "viewing_allowed",
        /// Somebody wanted to see or change what is not theirs to; the details say with which code it was refused.
        AccessRefused = "access_refused",
        /// Something was declared: a group, a camera, a guardianship, hours …
        FactAdded = "fact_added",
        /// Something that had been declared was changed.
        FactChanged = "fact_changed",
        /// Something that had been declared was taken back.
        FactEnded = "fact_ended",
        /// A list of children was imported; the details say how much was new. Each thing has a record of its own before it.
        Imported = "imported",
        /// A camera's address or password was changed; the details do not say to what.
        SecretChanged = "secret_changed",
        /// An account's password was set.
        PasswordChanged = "password_changed",
        /// A parent reported a problem. The details have a digest of the words, and not the words.
        AppealMade = "appeal_made",
        /// A director answered it; the details say as what it stands.
        AppealAnswered = "appeal_answered",
        /// The parent wrote about it again.
        AppealReturned = "appeal_returned",
        /// Somebody was given a link that lets in once, to choose a password.
        Invited = "invited",
        /// The link was taken back, or another took its place.
        InvitationEnded = "invitation_ended",
        /// A director ended log-ins of somebody else.
        LoginsEnded = "logins_ended",
        /// Somebody set up a second factor for the own account, or another one instead.
        SecondFactorSet = "second_factor_set",
        /// An account's second factor was taken away: the telephone and the recovery codes are lost.
        SecondFactorReset = "second_factor_reset",
        /// Somebody used a recovery code; the details say how many are left.
        RecoveryCodeUsed = "recovery_code_used",
        /// Somebody made new recovery codes; the old ones are void.
        RecoveryCodesRenewed = "recovery_codes_renewed",
        /// An account was blocked.
        AccountBlocked = "account_blocked",
        /// An account's block was lifted.
        AccountUnblocked = "account_unblocked",
        /// The keys that sign view tokens were rotated.
        KeysRotated = "keys_rotated",
        /// The personal data of a record was erased, as the law may ask.
        RecordErased = "record_erased",
        /// An inspector looked at something other than a picture.
        Inspected = "inspected",
        /// A director looked for cameras in the network, or at one, to add or test it; the details say which.
        NetworkLooked = "network_looked",
        /// Somebody was given a single picture of a camera.
        StillSeen = "still_seen",
        /// Somebody opened a recording; the details say of which camera, which span, and why.
        RecordingOpened = "recording_opened",
        /// Somebody left it.
        RecordingClosed = "recording_closed",
        /// A list was taken out of the gateway as a file; the details say which.
        Exported = "exported",
        /// A camera's recording of some minutes can no longer be changed unseen: the details have the root and the leaves of its tree.
        RecordingSealed = "recording_sealed",
        /// Everything of these seals was let go of, since its days were over.
        RecordingExpired = "recording_expired",
        /// Pieces of a camera's recording were let go of before their days were over: for want of room, or beyond the bytes it may have. The
        /// details say which and why.
        RecordingRemoved = "recording_removed",
        /// The directors were told by message what is, or will be, missing of recordings; the details say of what, and whom.
        DirectorsWarned = "directors_warned",
        /// Somebody took a span of a camera's recording out of the gateway; the details say which, and why.
        RecordingExported = "recording_exported",
        /// A panic button rang an alarm; the details say which, and what is kept.
        AlarmRung = "alarm_rung",
        /// Somebody asked why an account may or may not watch.
        Explained = "explained",
        /// The server started.
        ServerStarted = "server_started",
        /// The server stopped in good order.
        ServerStopped = "server_stopped",
    }
}
