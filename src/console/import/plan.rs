//! What has to be made so that a kindergarten holds what a list says. Pure.

use super::{
    Column, Flaw, Made, Why,
    rows::{Guardian, Row, shown},
    standing::Standing,
};
use crate::{
    console::groups::spelling,
    id::{AccountId, ChildId, EnrolmentId, GroupId},
    model::{Child, Enrolment, Group, Role},
};
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, HashSet};

/// What is to be made.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    pub(super) groups: Vec<Group>,
    pub(super) children: Vec<Child>,
    pub(super) stays: Vec<Enrolment>,
    pub(super) parents: Vec<Parent>,
    pub(super) ties: Vec<(AccountId, ChildId)>,
    known: usize,
}

/// A guardian who has no account yet.
#[derive(Debug, Clone)]
pub(super) struct Parent {
    pub(super) id: AccountId,
    pub(super) login: String,
    pub(super) name: String,
}

impl Plan {
    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.children.is_empty() && self.stays.is_empty() && self.ties.is_empty()
    }

    pub(super) fn made(&self) -> Made {
        Made {
            groups: self.groups.iter().map(|group| group.name.clone()).collect(),
            children: self.children.len(),
            guardians: self.ties.len(),
            known: self.known,
        }
    }
}

/// Plans what `rows` ask for beyond what `standing` has, and says which rows do not go together with each other or with it.
pub(super) fn plan(rows: &[Row], standing: &Standing, now: Timestamp) -> (Plan, Vec<Flaw>) {
    let mut planner = Planner { standing, now, plan: Plan::default(), flaws: Vec::new(), seen: Seen::default() };
    for row in rows {
        planner.take(row);
    }
    (planner.plan, planner.flaws)
}

struct Planner<'a> {
    standing: &'a Standing,
    now: Timestamp,
    plan: Plan,
    flaws: Vec<Flaw>,
    seen: Seen<'a>,
}

/// What earlier rows said, by the [`spelling`] of names.
#[derive(Default)]
struct Seen<'a> {
    groups: HashMap<String, GroupId>,
    children: HashMap<String, (ChildId, &'a Row)>,
    parents: HashMap<&'a str, (AccountId, &'a Row, Option<&'a str>)>,
    ties: HashSet<(AccountId, ChildId)>,
}

impl<'a> Planner<'a> {
    fn take(&mut self, row: &'a Row) {
        let before = (self.plan.children.len(), self.plan.stays.len(), self.plan.ties.len());
        let Some(child) = self.child(row) else { return };
        if let Some(guardian) = &row.guardian {
            self.guardian(row, guardian, child);
        }
        if before == (self.plan.children.len(), self.plan.stays.len(), self.plan.ties.len()) {
            self.plan.known += 1;
        }
    }

    /// The child of a row; `None` where the row goes together with nothing.
    fn child(&mut self, row: &'a Row) -> Option<ChildId> {
        let name = spelling(&row.child);
        if let Some((child, earlier)) = self.seen.children.get(&name).copied() {
            // A second row of a child is for another of its guardians.
            let other_day = row.said.is_some() && earlier.said.is_some() && row.said != earlier.said;
            if spelling(&earlier.group) != spelling(&row.group) {
                return self.flaw(row, Column::Group, Why::Twice, &row.group, Some(earlier.number));
            }
            if other_day {
                return self.flaw(row, Column::FirstDay, Why::Twice, &row.from.to_string(), Some(earlier.number));
            }
            return Some(child);
        }
        let group = self.standing.groups.get(&spelling(&row.group)).copied();
        let known = self.standing.children.get(&name).map(Vec::as_slice).unwrap_or_default();
        let is_in = |child: &&ChildId| group.is_some_and(|group| self.standing.stays.contains(&(**child, group)));
        let child = match known.iter().find(is_in) {
            Some(child) => *child,
            None if known.is_empty() => self.enrol(row),
            None => return self.flaw(row, Column::Group, Why::Elsewhere, &row.group, None),
        };
        self.seen.children.insert(name, (child, row));
        Some(child)
    }

    fn enrol(&mut self, row: &Row) -> ChildId {
        let (now, group) = (self.now, self.group(&row.group));
        let child = Child { id: ChildId::new(now), name: row.child.clone() };
        self.plan.stays.push(Enrolment { id: EnrolmentId::new(now), child: child.id, group, from: row.from, to: None });
        let id = child.id;
        self.plan.children.push(child);
        id
    }

    fn group(&mut self, name: &str) -> GroupId {
        let spelt = spelling(name);
        if let Some(group) = self.standing.groups.get(&spelt).or_else(|| self.seen.groups.get(&spelt)) {
            return *group;
        }
        // Groups are listed by their ids: a moment apart, they come in the order of the file.
        let apart = SignedDuration::from_millis(i64::try_from(self.plan.groups.len()).unwrap_or(0));
        let id = GroupId::new(self.now.saturating_add(apart).unwrap_or(self.now));
        self.plan.groups.push(Group { id, name: name.to_owned() });
        self.seen.groups.insert(spelt, id);
        id
    }

    fn guardian(&mut self, row: &'a Row, guardian: &'a Guardian, child: ChildId) {
        let login = guardian.login.as_str();
        let account = match (self.standing.accounts.get(login), self.seen.parents.get(login).copied()) {
            (Some((account, Role::Parent)), _) => *account,
            (Some(_), _) => {
                let _: Option<()> = self.flaw(row, Column::Phone, Why::NoParent, login, None);
                return;
            }
            (None, Some((account, earlier, name))) => {
                // One number is one person: another name is a slip, or somebody else's number.
                if let (Some(name), Some(other)) = (name, guardian.name.as_deref())
                    && spelling(name) != spelling(other)
                {
                    let _: Option<()> = self.flaw(row, Column::Guardian, Why::Twice, other, Some(earlier.number));
                    return;
                }
                account
            }
            (None, None) => {
                let Some(name) = guardian.name.clone() else {
                    let _: Option<()> = self.flaw(row, Column::Guardian, Why::Missing, "", None);
                    return;
                };
                let id = AccountId::new(self.now);
                self.plan.parents.push(Parent { id, login: login.to_owned(), name });
                self.seen.parents.insert(login, (id, row, guardian.name.as_deref()));
                id
            }
        };
        if !self.standing.ties.contains(&(account, child)) && self.seen.ties.insert((account, child)) {
            self.plan.ties.push((account, child));
        }
    }

    fn flaw<T>(&mut self, row: &Row, column: Column, why: Why, value: &str, other: Option<u32>) -> Option<T> {
        self.flaws.push(Flaw { row: row.number, column, why, value: shown(value), other });
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn row(number: u32, child: &str, group: &str) -> Row {
        let (said, from) = (None, date(2026, 9, 1));
        Row { number, child: child.into(), group: group.into(), said, from, guardian: None }
    }

    fn with(row: Row, name: Option<&str>, login: &str) -> Row {
        Row { guardian: Some(Guardian { name: name.map(str::to_owned), login: login.parse().unwrap() }), ..row }
    }

    fn now() -> Timestamp {
        "2026-09-01T04:00:00Z".parse().unwrap()
    }

    /// What is left to do for `rows` once `plan` is done.
    fn done(plan: &Plan) -> Standing {
        Standing {
            groups: plan.groups.iter().map(|group| (spelling(&group.name), group.id)).collect(),
            children: plan.children.iter().map(|child| (spelling(&child.name), vec![child.id])).collect(),
            stays: plan.stays.iter().map(|stay| (stay.child, stay.group)).collect(),
            ties: plan.ties.iter().copied().collect(),
            accounts: plan.parents.iter().map(|parent| (parent.login.clone(), (parent.id, Role::Parent))).collect(),
        }
    }

    fn flaws(rows: &[Row], standing: &Standing) -> Vec<(u32, Column, Why, Option<u32>)> {
        plan(rows, standing, now()).1.into_iter().map(|flaw| (flaw.row, flaw.column, flaw.why, flaw.other)).collect()
    }

    #[test]
    fn a_list_makes_groups_children_and_guardians_and_the_same_list_again_nothing() {
        let rows = [
            with(row(2, "Анна Ким", "Күншуақ"), Some("Ольга Ким"), "+77010000001"),
            with(row(3, "Анна  КИМ", "күншуақ"), Some("Сергей Ким"), "+77010000002"),
            with(row(4, "Максим Ким", "Балапан"), None, "8 701 000 00 01"),
            row(5, "Тимур Ли", "Балапан"),
        ];
        let (first, flaws) = plan(&rows, &Standing::default(), now());
        assert_eq!(flaws, []);
        let made = Made { groups: vec!["Күншуақ".into(), "Балапан".into()], children: 3, guardians: 3, known: 0 };
        assert_eq!((first.made(), first.parents.len()), (made, 2));
        assert!(first.groups.is_sorted_by_key(|group| group.id));
        let (second, flaws) = plan(&rows, &done(&first), now());
        assert!(second.is_empty() && flaws.is_empty());
        assert_eq!(second.made(), Made { known: 4, ..Made::default() });
    }

    #[test]
    fn rows_that_contradict_each_other_say_which() {
        let dated = |row: Row, day| Row { said: Some(date(2026, 9, day)), ..row };
        let rows = [
            dated(with(row(2, "Анна Ким", "Күншуақ"), Some("Ольга Ким"), "+77010000001"), 1),
            row(3, "Анна Ким", "Балапан"),
            dated(row(4, "Анна Ким", "Күншуақ"), 2),
            with(row(5, "Тимур Ли", "Күншуақ"), Some("Вера Ли"), "+77010000001"),
            with(row(6, "Дана Ли", "Күншуақ"), None, "+77010000009"),
        ];
        let expected = [
            (3, Column::Group, Why::Twice, Some(2)),
            (4, Column::FirstDay, Why::Twice, Some(2)),
            (5, Column::Guardian, Why::Twice, Some(2)),
            (6, Column::Guardian, Why::Missing, None),
        ];
        assert_eq!(flaws(&rows, &Standing::default()), expected);
    }

    #[test]
    fn a_child_who_is_in_another_group_is_not_made_twice_and_one_who_was_here_is_known() {
        let (plan_before, _) = plan(&[row(2, "Анна Ким", "Күншуақ"), row(3, "Тимур Ли", "Балапан")], &Standing::default(), now());
        let standing = done(&plan_before);
        assert_eq!(flaws(&[row(2, "Анна Ким", "Балапан")], &standing), [(2, Column::Group, Why::Elsewhere, None)]);
        assert_eq!(flaws(&[row(2, "Анна Ким", "Жұлдыз")], &standing), [(2, Column::Group, Why::Elsewhere, None)]);
        assert!(plan(&[row(2, "анна ким", "КҮНШУАҚ")], &standing, now()).0.is_empty());
    }

    #[test]
    fn a_list_makes_no_tie_that_somebody_ended_and_ties_nobody_who_is_no_parent() {
        let rows = [with(row(2, "Анна Ким", "Күншуақ"), Some("Ольга Ким"), "+77010000001")];
        let mut standing = done(&plan(&rows, &Standing::default(), now()).0);
        assert!(plan(&rows, &standing, now()).0.ties.is_empty());
        standing.accounts.values_mut().for_each(|(_, role)| *role = Role::Staff);
        assert_eq!(flaws(&rows, &standing), [(2, Column::Phone, Why::NoParent, None)]);
    }
}
