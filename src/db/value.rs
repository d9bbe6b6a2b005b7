//! What goes into a statement and what comes out of it, the same for both engines.

use crate::{
    id::{
        AbsenceId, AccountBlockId, AccountId, AlarmKeyId, AppealId, AppealStepId, AssignmentId, CameraId, ChildId, ConsentId,
        ConsentRuleId, ConsentTextId, DefectId, EnrolmentId, ExceptionId, ExportId, GapId, GroupId, GuardianshipId, GuestRequestId,
        HalfLoginId, HoldId, HoursId, InterruptionId, InvitationId, KindergartenId, LoginId, MaskId, MergerId, PauseId,
        PlacementId, PlaybackId, PostingId, RecordingRuleId, RunId, SealId, SecondFactorId, SegmentId, StretchId, ViewingId,
    },
    model::{
        AppealAct, AppealKind, ConsentAnswer, ConsentRule, DaySpan, GapCause, HoldOrigin, Language, Ownership, RecordedQuality,
        Role, SegmentPlace, Watermark,
    },
};
use jiff::{Timestamp, civil::Date};
use sqlx::{Arguments, Database, Decode, Encode, Type, error::BoxDynError};

/// One argument of a statement. An absent one keeps its type: PostgreSQL wants to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `text`
    Text(Option<String>),
    /// `bigint`
    Int(Option<i64>),
    /// `boolean`
    Bool(Option<bool>),
}

/// Makes `values` the arguments of one engine's statement.
pub(super) fn arguments<A>(values: &[Value]) -> Result<A, sqlx::Error>
where
    A: Arguments,
    for<'a> Option<String>: Encode<'a, A::Database> + Type<A::Database>,
    for<'a> Option<i64>: Encode<'a, A::Database> + Type<A::Database>,
    for<'a> Option<bool>: Encode<'a, A::Database> + Type<A::Database>,
{
    let mut arguments = A::default();
    for value in values {
        match value {
            Value::Text(text) => arguments.add(text.clone()),
            Value::Int(number) => arguments.add(*number),
            Value::Bool(truth) => arguments.add(*truth),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

/// The arguments of a statement, in the order of `$1`, `$2` …: `args![id, now]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { &[$($crate::db::Value::from($value)),*] };
}

macro_rules! values {
    ($variant:ident: $($type:ty, |$value:ident| $plain:expr);* $(;)?) => {$(
        impl From<$type> for Value {
            fn from($value: $type) -> Self {
                Self::$variant(Some($plain))
            }
        }

        impl From<Option<$type>> for Value {
            fn from(value: Option<$type>) -> Self {
                Self::$variant(value.map(|$value| $plain))
            }
        }
    )*};
}

values! { Text:
    &str, |text| text.to_owned();
    String, |text| text;
    &String, |text| text.clone();
    Role, |word| word.word().to_owned();
    Language, |word| word.word().to_owned();
    Ownership, |word| word.word().to_owned();
    Watermark, |word| word.word().to_owned();
    ConsentRule, |word| word.word().to_owned();
    ConsentAnswer, |word| word.word().to_owned();
    GapCause, |word| word.word().to_owned();
    HoldOrigin, |word| word.word().to_owned();
    RecordedQuality, |word| word.word().to_owned();
    SegmentPlace, |word| word.word().to_owned();
    Date, |date| date.to_string();
    DaySpan, |span| span.to_string();
}
values! { Int:
    i64, |number| number;
    u32, |number| i64::from(number);
    Timestamp, |at| at.as_millisecond();
}
values! { Bool: bool, |truth| truth }

/// A column that holds the text of a `$type`.
macro_rules! parsed_column {
    ($($type:ty),* $(,)?) => {$(
        impl<DB: Database> Type<DB> for $type
        where
            str: Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <str as Type<DB>>::type_info()
            }

            fn compatible(column: &DB::TypeInfo) -> bool {
                <str as Type<DB>>::compatible(column)
            }
        }

        impl<'r, DB: Database> Decode<'r, DB> for $type
        where
            &'r str: Decode<'r, DB>,
        {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
                Ok(<&str as Decode<'r, DB>>::decode(value)?.parse()?)
            }
        }
    )*};
}

macro_rules! id_columns {
    ($($id:ident),* $(,)?) => {
        values! { Text: $($id, |id| id.to_string());* }
        parsed_column!($($id),*);
    };
}

id_columns!(
    AbsenceId,
    AccountBlockId,
    AccountId,
    AlarmKeyId,
    AppealId,
    AppealStepId,
    AssignmentId,
    CameraId,
    ChildId,
    ConsentId,
    ConsentRuleId,
    ConsentTextId,
    DefectId,
    EnrolmentId,
    ExceptionId,
    ExportId,
    GapId,
    GroupId,
    GuardianshipId,
    GuestRequestId,
    HoldId,
    HoursId,
    InterruptionId,
    InvitationId,
    HalfLoginId,
    KindergartenId,
    LoginId,
    MaskId,
    MergerId,
    PauseId,
    PlacementId,
    PlaybackId,
    PostingId,
    RecordingRuleId,
    RunId,
    SealId,
    SecondFactorId,
    SegmentId,
    StretchId,
    ViewingId,
);
parsed_column!(
    AppealAct,
    AppealKind,
    Role,
    Language,
    Ownership,
    Watermark,
    ConsentRule,
    ConsentAnswer,
    DaySpan,
    Day,
    GapCause,
    HoldOrigin,
    RecordedQuality,
    SegmentPlace,
);

/// A column with a date: `text` like `2026-11-22`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day(pub Date);

impl std::str::FromStr for Day {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        text.parse().map(Self)
    }
}

/// A column with a moment: `bigint` milliseconds since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub Timestamp);

impl From<Moment> for Timestamp {
    fn from(moment: Moment) -> Self {
        moment.0
    }
}

impl<DB: Database> Type<DB> for Moment
where
    i64: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        <i64 as Type<DB>>::type_info()
    }

    fn compatible(column: &DB::TypeInfo) -> bool {
        <i64 as Type<DB>>::compatible(column)
    }
}

impl<'r, DB: Database> Decode<'r, DB> for Moment
where
    i64: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(Timestamp::from_millisecond(i64::decode(value)?)?))
    }
}
