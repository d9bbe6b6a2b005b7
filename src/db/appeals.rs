//! Appeals and their steps. Rows are added, never changed.

use super::{DbError, Moment, Queries, Tx};
use crate::{
    args,
    id::{AccountId, AppealId, AppealStepId, CameraId, ChildId, GroupId, KindergartenId},
    model::{AppealAct, AppealKind, AppealState, Role},
};
use jiff::Timestamp;

/// What an appeal is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its id.
    pub id: AppealId,
    /// Where.
    pub kindergarten: KindergartenId,
    /// The parent who complains.
    pub account: AccountId,
    /// Which child it concerns.
    pub child: ChildId,
    /// The group in which the child was on that day.
    pub group: Option<GroupId>,
    /// Which camera, where it is about one.
    pub camera: Option<CameraId>,
    /// The minute that it is about.
    pub happened_at: Timestamp,
    /// Of what it complains.
    pub kind: AppealKind,
}

/// What somebody said and did about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its id.
    pub id: AppealStepId,
    /// Its place among the steps of the appeal: 1 is the report.
    pub number: i64,
    /// Who.
    pub account: AccountId,
    /// What.
    pub act: AppealAct,
    /// In which words.
    pub words: String,
    /// When.
    pub at: Timestamp,
}

/// An appeal with the names that belong to it. Names are those of now, of what was removed as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appeal {
    /// What it is about.
    pub subject: Subject,
    /// The parent's name.
    pub name: String,
    /// The child's name.
    pub child_name: String,
    /// The group's name.
    pub group_name: Option<String>,
    /// The camera's name.
    pub camera_name: Option<String>,
    /// What was said and done, in order; the report at least. With the name and the role of who did it.
    pub steps: Vec<(Step, String, Role)>,
}

impl Appeal {
    /// How it stands.
    pub fn state(&self) -> AppealState {
        self.steps.last().map_or(AppealState::Waiting, |(step, ..)| step.act.state())
    }

    /// Since when it stands so: the moment of the newest step.
    pub fn since(&self) -> Timestamp {
        self.steps.last().map_or(self.subject.happened_at, |(step, ..)| step.at)
    }
}

/// Which appeals.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// Of which kindergarten.
    pub kindergarten: KindergartenId,
    /// Only those that stand so.
    pub state: Option<AppealState>,
    /// Those that were written at this moment or later.
    pub from: Timestamp,
    /// Those that were written before this moment.
    pub until: Timestamp,
}

/// The statement that tells appeals whole, a row a step: `told!("a query for their ids")`. Each lists its ids once and sorts after.
macro_rules! told {
    ($($ids:tt)+) => {
        concat!(
            "select a.id, a.kindergarten_id, a.account_id, w.name, a.child_id, c.name as child_name, a.group_id, g.name as group_name, \
             a.camera_id, v.name as camera_name, a.happened_at, a.kind, s.id as step_id, s.number, s.account_id as by_id, \
             b.name as by_name, b.role as by_role, s.kind as act, s.words, s.taken_at \
             from appeals a join accounts w on w.id = a.account_id join children c on c.id = a.child_id \
             left join groups g on g.id = a.group_id left join cameras v on v.id = a.camera_id \
             join appeal_steps s on s.appeal_id = a.id join accounts b on b.id = s.account_id where a.id in (",
            $($ids)+,
            ") order by a.id desc, s.number"
        )
    };
}

/// A statement about appeals (`i`) and the newest step of each (`l`).
macro_rules! newest {
    ($select:literal, $more:literal) => {
        concat!(
            $select,
            " from appeals i join appeal_steps l on l.appeal_id = i.id \
             and l.number = (select max(number) from appeal_steps n where n.appeal_id = i.id) where ",
            $more
        )
    };
}

/// The appeal with this id.
pub async fn by_id(db: &impl Queries, id: AppealId) -> Result<Option<Appeal>, DbError> {
    let rows = db.rows(told!("select $1"), args![id]).await?;
    Ok(fold(rows).pop())
}

/// The newest `most` appeals of `account`.
pub async fn of_account(db: &impl Queries, account: AccountId, most: u32) -> Result<Vec<Appeal>, DbError> {
    let sql = told!("select id from appeals where account_id = $1 order by id desc limit $2");
    Ok(fold(db.rows(sql, args![account, most]).await?))
}

/// Those that the filter lets through, the newest first: `most` of those that are older than `before`.
pub async fn list(db: &impl Queries, filter: Filter, before: Option<AppealId>, most: u32) -> Result<Vec<Appeal>, DbError> {
    let sql = told!(newest!(
        "select i.id",
        "i.kindergarten_id = $1 and i.created_at >= $2 and i.created_at < $3 \
         and ($4 = '' or $4 = case when l.kind in ('answered', 'fixed', 'closed') then l.kind else 'waiting' end) \
         and ($5 is null or i.id < $5) order by i.id desc limit $6"
    ));
    let Filter { kindergarten, state, from, until } = filter;
    let state = state.map_or("", AppealState::word);
    Ok(fold(db.rows(sql, args![kindergarten, from, until, state, before, most]).await?))
}

/// The `most` appeals that have waited longest for the director of `kindergarten`, the longest first.
pub async fn waiting(db: &impl Queries, kindergarten: KindergartenId, most: u32) -> Result<Vec<Appeal>, DbError> {
    let sql = told!(newest!(
        "select i.id",
        "i.kindergarten_id = $1 and l.kind in ('reported', 'replied', 'reopened') order by l.taken_at, i.id limit $2"
    ));
    let mut waiting = fold(db.rows(sql, args![kindergarten, most]).await?);
    waiting.sort_by_key(|appeal| (appeal.since(), appeal.subject.id));
    Ok(waiting)
}

/// How many appeals wait for the director of `kindergarten`.
pub async fn count_waiting(db: &impl Queries, kindergarten: KindergartenId) -> Result<i64, DbError> {
    let sql = newest!("select count(*)", "i.kindergarten_id = $1 and l.kind in ('reported', 'replied', 'reopened')");
    let row: Option<(i64,)> = db.row(sql, args![kindergarten]).await?;
    Ok(row.map_or(0, |(count,)| count))
}

/// How many appeals of `account` are not over.
pub async fn count_open(db: &impl Queries, account: AccountId) -> Result<i64, DbError> {
    let sql = newest!("select count(*)", "i.account_id = $1 and l.kind not in ('fixed', 'closed')");
    let row: Option<(i64,)> = db.row(sql, args![account]).await?;
    Ok(row.map_or(0, |(count,)| count))
}

/// When `account` took the steps since `since`, the oldest first.
pub async fn steps_since(db: &impl Queries, account: AccountId, since: Timestamp) -> Result<Vec<Timestamp>, DbError> {
    let sql = "select taken_at from appeal_steps where account_id = $1 and taken_at > $2 order by taken_at";
    let rows: Vec<(Moment,)> = db.rows(sql, args![account, since]).await?;
    Ok(rows.into_iter().map(|(at,)| at.0).collect())
}

/// How many steps there are in the appeals of `account`, and what the newest is; `None` where it has never written.
pub async fn standing(db: &impl Queries, account: AccountId) -> Result<Option<(i64, AppealState)>, DbError> {
    let sql = "select s.kind, (select count(*) from appeal_steps o join appeals i on i.id = o.appeal_id where i.account_id = $1) as steps \
               from appeal_steps s join appeals a on a.id = s.appeal_id where a.account_id = $1 \
               order by s.taken_at desc, s.number desc, s.id desc limit 1";
    let row: Option<(AppealAct, i64)> = db.row(sql, args![account]).await?;
    Ok(row.map(|(act, steps)| (steps, act.state())))
}

/// Writes an appeal down, without its first step. Whoever calls this has touched the facts, and writes the audit record.
pub async fn insert(tx: &Tx, subject: &Subject, now: Timestamp) -> Result<(), DbError> {
    let sql = "insert into appeals (id, kindergarten_id, account_id, child_id, group_id, camera_id, happened_at, kind, created_at) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let Subject { id, kindergarten, account, child, group, camera, happened_at, kind } = *subject;
    let args = args![id, kindergarten, account, child, group, camera, happened_at, kind.word(), now];
    tx.execute(sql, args).await.map(drop)
}

/// Writes a step down. Whoever calls this has touched the facts; `record` is the position of the audit record.
pub async fn step(tx: &Tx, appeal: AppealId, step: &Step, record: u64) -> Result<(), DbError> {
    let sql = "insert into appeal_steps (id, appeal_id, number, account_id, kind, words, taken_at, record) \
               values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let Step { id, number, account, act, words, at } = step;
    let record = i64::try_from(record).unwrap_or(i64::MAX);
    tx.execute(sql, args![*id, appeal, *number, *account, act.word(), words, *at, record]).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct StepRow {
    id: AppealId,
    kindergarten_id: KindergartenId,
    account_id: AccountId,
    name: String,
    child_id: ChildId,
    child_name: String,
    group_id: Option<GroupId>,
    group_name: Option<String>,
    camera_id: Option<CameraId>,
    camera_name: Option<String>,
    happened_at: Moment,
    kind: AppealKind,
    step_id: AppealStepId,
    number: i64,
    by_id: AccountId,
    by_name: String,
    by_role: Role,
    act: AppealAct,
    words: String,
    taken_at: Moment,
}

/// Rows of one appeal stand together, in the order of its steps.
fn fold(rows: Vec<StepRow>) -> Vec<Appeal> {
    let mut appeals: Vec<Appeal> = Vec::new();
    for row in rows {
        let (number, account, act, at) = (row.number, row.by_id, row.act, row.taken_at.0);
        let step = (Step { id: row.step_id, number, account, act, words: row.words, at }, row.by_name, row.by_role);
        match appeals.last_mut() {
            Some(appeal) if appeal.subject.id == row.id => appeal.steps.push(step),
            _ => appeals.push(Appeal {
                subject: Subject {
                    id: row.id,
                    kindergarten: row.kindergarten_id,
                    account: row.account_id,
                    child: row.child_id,
                    group: row.group_id,
                    camera: row.camera_id,
                    happened_at: row.happened_at.0,
                    kind: row.kind,
                },
                name: row.name,
                child_name: row.child_name,
                group_name: row.group_name,
                camera_name: row.camera_name,
                steps: vec![step],
            }),
        }
    }
    appeals
}
